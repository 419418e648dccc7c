import type { ApplicationFailure } from '@temporalio/common';
import type { Response } from 'undici';
import { isTransientStatus } from '../../errorClass';
import { newFailure } from '../../failures';
import { parseJson } from '../../json';
import { isSecretName } from '../../plan/secretPlaceholder';
import type { JsonObject } from '../../rules/types';
import { HostRefused } from './guardedFetch';
import { redacted } from './requestAtRun';

/** Bytes of an answer that are read. Histories contain the results, so they must be small. */
export const MAX_ANSWER_BYTES = 64 * 1024;
const SHOWN_CHARACTERS = 300;
const LONGEST_WAIT_SECONDS = 60;

/** The first bytes of an answer's body. */
export async function bodyOf(response: Response): Promise<{ readonly text: string; readonly cut: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    // Leaving the loop cancels the transfer.
    if (size > MAX_ANSWER_BYTES) break;
  }
  const text = Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString();
  return { text, cut: size > MAX_ANSWER_BYTES };
}

/** Results of an answer for the next steps: StatusCode, Headers, Body, and Data when the body is JSON. */
export function resultsOf(response: Response, body: string, cut: boolean, secrets: readonly string[]): JsonObject {
  const text = redacted(body, secrets);
  const headers = [...response.headers].filter(([name]) => !isSecretName(name));
  const data = cut ? undefined : parseJson(text);
  return {
    StatusCode: response.status,
    Headers: Object.fromEntries(headers.map(([name, value]) => [name, redacted(value, secrets)])),
    Body: text,
    ...(data === undefined ? {} : { Data: data }),
  };
}

/** The failure for an answer with an error status. It is final unless another attempt may help. */
export function refused(
  what: string,
  response: Response,
  body: string,
  secrets: readonly string[],
): ApplicationFailure {
  const { status } = response;
  const message = `${what} answered ${status}: ${redacted(body, secrets).slice(0, SHOWN_CHARACTERS)}`;
  const wait = Number(response.headers.get('retry-after') ?? 0);
  return newFailure(status === 401 || status === 403 ? 'PermissionDenied' : 'ActionFailed', message, {
    retry: isTransientStatus(status),
    retryAfterMs: wait > 0 ? Math.min(wait, LONGEST_WAIT_SECONDS) * 1000 : undefined,
  });
}

/** The failure of a call without an answer. It is final when the host is not allowed. */
export function unanswered(what: string, error: unknown, secrets: readonly string[]): ApplicationFailure {
  const causes: Error[] = [];
  for (let cause = error; cause instanceof Error && !causes.includes(cause); cause = cause.cause) causes.push(cause);
  const message = [what, ...causes.map((cause) => redacted(cause.message, secrets))].join(': ');
  return causes.some((cause) => cause instanceof HostRefused)
    ? newFailure('RuleInvalid', message)
    : newFailure('ActionFailed', message, { retry: true });
}
