import { Context } from '@temporalio/activity';
import type { RequestInit } from 'undici';
import { newFailure } from '../../failures';
import type { ActionCall, ActionResult } from '../../plan/stepContext';
import { type ActionRequest, actionRequests } from '../../rules/actionRequests';
import { readRequest } from '../../rules/readRequest';
import type { JsonValue } from '../../rules/types';
import type { Dependencies } from '../dependencies';
import { bodyOf, refused, resultsOf, unanswered } from './answer';
import { requestAtRun } from './requestAtRun';

const TIMEOUT_SEC = 30;
/** Below the activity's own timeout. */
const LONGEST_TIMEOUT_SEC = 600;

/**
 * Calls an HTTP endpoint. A status of 400 or above is a failure. It is retried for 408, 425, 429, 5xx and without an answer, with
 * the same Idempotency-Key.
 *
 * @throws ApplicationFailure, whose message contains no header and no query of the request
 */
export async function callEndpoint(deps: Dependencies, call: ActionCall): Promise<ActionResult> {
  const { request: expanded, secrets } = await requestAtRun(deps, call);
  const request = readRequest(actionRequests.call, expanded);
  const url = addressOf(request.URL);
  const what = `${request.Method ?? 'GET'} ${url.origin}${url.pathname}`;
  const confidential = secrets.length > 0;
  const { cancellationSignal } = Context.current();
  const timeout = AbortSignal.timeout(Math.min(request.TimeoutInSec ?? TIMEOUT_SEC, LONGEST_TIMEOUT_SEC) * 1000);
  const init: RequestInit = {
    method: (request.Method || 'GET').toUpperCase(),
    headers: await headersOf(deps, request, url.href, call),
    signal: AbortSignal.any([timeout, cancellationSignal]),
    // A redirection to another host drops only well-known header fields, so it could disclose secrets.
    redirect: confidential ? 'manual' : 'follow',
    body: bodyText(request.Body),
  };
  const answer = await deps.outbound.fetch(url.href, init).then(
    async (response) => ({ response, ...(await bodyOf(response)) }),
    (error: unknown) => {
      throw unanswered(what, timeout.aborted ? new Error('no answer in time') : error, secrets);
    },
  );
  const { response, text, cut } = answer;
  if (response.status >= 400) throw refused(what, response, text, secrets);
  if (confidential && response.status >= 300)
    throw newFailure('ActionFailed', `${what}: a call with secrets follows no redirection`);
  return { results: resultsOf(response, text, cut, secrets) };
}

function addressOf(text: string | undefined): URL {
  const url = URL.canParse(text ?? '') ? new URL(text ?? '') : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw newFailure('RuleInvalid', 'call: URL must begin with http:// or https://');
}

async function headersOf(
  deps: Dependencies,
  request: ActionRequest<'call'>,
  url: string,
  call: ActionCall,
): Promise<Record<string, string>> {
  const { Headers: given = {}, Body, Scopes = [], Auth, Audience } = request;
  const own = Object.entries(given).map(([name, value]) => [name.toLowerCase(), textOf(value)]);
  const type = contentType(Body);
  const authorization =
    Scopes.length > 0
      ? await deps.identity.accessFor(url, Scopes)
      : Auth
        ? await deps.identity.tokenFor(url, Audience || undefined)
        : undefined;
  return {
    'user-agent': 'bqtail',
    'idempotency-key': keyOf(call),
    ...(type ? { 'content-type': type } : {}),
    ...Object.fromEntries(own),
    ...(authorization ? { authorization } : {}),
  };
}

/** The same for all attempts of a step, also those of another run of the workflow. */
function keyOf({ process, step }: ActionCall): string {
  return `${process.dest}--${process.eventId}_${step.step}`.replace(/[^\x21-\x7e]/g, '_');
}

function bodyText(body: JsonValue | undefined): string | undefined {
  return body === undefined || body === '' ? undefined : textOf(body);
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function contentType(body: JsonValue | undefined): string | undefined {
  const text = bodyText(body);
  if (text === undefined) return undefined;
  return /^\s*[[{]/.test(text) ? 'application/json' : 'text/plain; charset=utf-8';
}
