import { randomUUID } from 'node:crypto';
import type { ObjectChange } from './objectStore';
import { parseObjectUrl } from './objectUrl';

/** Cloud Storage's limit of calls per batch request. */
export const MAX_CALLS_PER_BATCH = 100;

/** A `multipart/mixed` request body with its content type. */
export interface BatchBody {
  readonly contentType: string;
  readonly body: string;
}

/** Writes changes as the calls of one batch request. Call N has the content ID `N`. Moves must stay within their bucket. */
export function batchBody(changes: readonly ObjectChange[]): BatchBody {
  const boundary = `batch_${randomUUID()}`;
  const parts = changes.map((change, index) =>
    [`--${boundary}`, 'Content-Type: application/http', `Content-ID: <${index}>`, '', ...httpCall(change), ''].join(
      '\r\n',
    ),
  );
  return { contentType: `multipart/mixed; boundary=${boundary}`, body: `${parts.join('')}--${boundary}--\r\n` };
}

function httpCall(change: ObjectChange): string[] {
  switch (change.kind) {
    case 'delete': {
      const query = change.generation ? `?generation=${change.generation}` : '';
      return [`DELETE ${objectPath(change.url)}${query} HTTP/1.1`, '', ''];
    }
    case 'move': {
      const target = encodeURIComponent(parseObjectUrl(change.to).name);
      const query = change.generation ? `?ifSourceGenerationMatch=${change.generation}` : '';
      return [`POST ${objectPath(change.from)}/moveTo/o/${target}${query} HTTP/1.1`, 'Content-Length: 0', '', ''];
    }
    case 'annotate': {
      const body = JSON.stringify({ metadata: change.metadata });
      const length = `Content-Length: ${Buffer.byteLength(body)}`;
      return [`PATCH ${objectPath(change.url)} HTTP/1.1`, 'Content-Type: application/json', length, '', body];
    }
  }
}

function objectPath(url: string): string {
  const { bucket, name } = parseObjectUrl(url);
  return `/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(name)}`;
}

/** Answer to one call of a batch request. */
export interface BatchAnswer {
  readonly index: number;
  readonly status: number;
  readonly body: string;
}

/**
 * Reads the answers of a batch request.
 *
 * @throws Error when the answer is not multipart
 */
export function parseBatchAnswers(contentType: string, text: string): BatchAnswer[] {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) throw new Error(`the answer to a batch request is not multipart but ${contentType}`);
  return text
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const index = /^content-id:\s*<?(?:response-)?(\d+)>?/im.exec(part)?.[1];
      const status = /^HTTP\/\S+ (\d{3})/m.exec(part)?.[1];
      if (index === undefined || status === undefined)
        throw new Error('an answer to a batch request lacks its ID or status');
      const http = part.slice(part.search(/^HTTP\//m));
      return { index: Number(index), status: Number(status), body: http.slice(http.search(/\r?\n\r?\n/)).trim() };
    });
}
