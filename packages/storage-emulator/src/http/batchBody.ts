import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { invalid } from '../errors';
import { boundaryOf } from '../uploads/multipart';

/** One call of a batch. */
export interface BatchCall {
  readonly contentId: string | undefined;
  readonly request: Request;
}

/**
 * Reads the calls of a batch. The Python client ends lines with LF alone, which the service accepts and streaming
 * multipart parsers reject. A batch is small, so it is parsed as text.
 *
 * @param base address that the paths of the calls are relative to.
 */
export function parseBatch(contentType: string | undefined, body: string, base: string): BatchCall[] {
  const boundary = boundaryOf(contentType);
  const lines = `\n${body.replaceAll('\r\n', '\n')}`;
  const [, ...parts] = lines.split(`\n--${boundary}`);
  const end = parts.findIndex((part) => part.startsWith('--'));
  if (end < 0) throw invalid('Malformed multipart body.');
  return parts.slice(0, end).map((part) => {
    const [head, content] = splitHead(part.replace(/^[ \t]*\n/, ''));
    const request = parseRequest(content, base);
    return { contentId: /^content-id:\s*(.*?)\s*$/im.exec(head)?.[1], request };
  });
}

function parseRequest(source: string, base: string): Request {
  const [head, body] = splitHead(source.trimStart());
  const [first = '', ...lines] = head.split('\n');
  const [, method, target] = /^([A-Z]+) (\S+)(?: HTTP\/[\d.]+)?$/.exec(first.trim()) ?? [];
  if (method === undefined || target === undefined) throw invalid('Failed to parse batch request, bad request line.');
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.append(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  headers.delete('content-length');
  headers.set('host', new URL(base).host);
  const bodyless = method === 'GET' || method === 'HEAD' || body.trim() === '';
  const path = target.replace(/^https?:\/\/[^/]*/, '');
  return new Request(`${base}${path}`, { method, headers, body: bodyless ? undefined : body });
}

function splitHead(text: string): [head: string, rest: string] {
  const end = text.startsWith('\n') ? 0 : text.indexOf('\n\n');
  return end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end).replace(/^\n{1,2}/, '')];
}

/** The response body of a batch, and its content type. */
export async function formatBatch(
  answers: readonly { readonly contentId: string | undefined; readonly response: Response }[],
): Promise<{ contentType: string; body: string }> {
  const boundary = `batch_${randomUUID()}`;
  const parts = await Promise.all(answers.map(({ response, contentId }) => formatAnswer(response, contentId)));
  const body = `${parts.map((part) => `--${boundary}\r\n${part}`).join('')}--${boundary}--\r\n`;
  return { contentType: `multipart/mixed; boundary=${boundary}`, body };
}

async function formatAnswer(response: Response, contentId: string | undefined): Promise<string> {
  const body = await response.text();
  const id = contentId === undefined ? [] : [`Content-ID: ${contentId.replace(/^<?/, '<response-')}`];
  const type = response.headers.get('content-type');
  return [
    'Content-Type: application/http',
    ...id,
    '',
    `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ''}`,
    ...(type === null ? [] : [`Content-Type: ${type}`]),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
    '',
  ].join('\r\n');
}
