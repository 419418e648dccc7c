import { newFailure } from '../../failures';
import type { ActionCall, ActionResult } from '../../plan/stepContext';
import { type ActionRequest, actionRequests } from '../../rules/actionRequests';
import { readRequest } from '../../rules/readRequest';
import type { JsonValue } from '../../rules/types';
import type { Dependencies } from '../dependencies';
import { bodyOf, refused, unanswered } from './answer';
import { requestAtRun } from './requestAtRun';
import { postToSlack, type SlackNote } from './slack';

const TIMEOUT_MS = 30_000;
/** Webhooks refuse longer messages. */
const WEBHOOK_CHARACTERS = 3000;

/**
 * Posts a message to Slack channels or, with `URL`, to an incoming webhook.
 *
 * @throws ApplicationFailure, retried after outages and rate limits
 */
export async function notify(deps: Dependencies, call: ActionCall): Promise<ActionResult> {
  const { request: expanded, secrets } = await requestAtRun(deps, call);
  const request = readRequest(actionRequests.notify, expanded);
  const note = noteOf(request);
  if (request.URL) await postToWebhook(deps, request.URL, note, secrets);
  else {
    const token = request.Token || (await tokenOf(deps, request));
    for (const channel of request.Channels ?? []) await postToSlack(token, deps.config.slackApiUrl, channel, note);
  }
  return {};
}

function noteOf({ Title = '', Message = '', From = '', Filename, Body }: ActionRequest<'notify'>): SlackNote {
  const content = contentOf(Body);
  return {
    title: Title,
    message: Message,
    from: From,
    file: content === undefined ? undefined : { name: Filename || fileName(content), content },
  };
}

async function tokenOf(deps: Dependencies, { Credentials }: ActionRequest<'notify'>): Promise<string> {
  const { config, secrets } = deps;
  if (Credentials) {
    const { URL: url, Key: key, Secret: secret, Env: env } = Credentials;
    return secrets.slackToken({ url, key, secret, env }, 'rule');
  }
  if (config.slackCredentials) return secrets.slackToken(config.slackCredentials, 'configuration');
  throw newFailure(
    'RuleInvalid',
    'notify: no token; set Token or Credentials in the action, or SlackCredentials in the configuration',
  );
}

/** Posts a single text, the part of Slack's webhooks that all compatible services support. */
async function postToWebhook(
  deps: Dependencies,
  url: string,
  { title, message, file }: SlackNote,
  secrets: readonly string[],
): Promise<void> {
  const excerpt = file ? `\`\`\`${file.content.slice(0, WEBHOOK_CHARACTERS)}\`\`\`` : '';
  const text = [`*${title}*`, message, excerpt].filter((line) => line !== '').join('\n');
  const what = `webhook of ${URL.canParse(url) ? new URL(url).host : 'an invalid URL'}`;
  const answer = await deps.outbound
    .fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'bqtail' },
      body: JSON.stringify({ text }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    .then(
      async (response) => ({ response, ...(await bodyOf(response)) }),
      (error: unknown) => {
        throw unanswered(what, error, [...secrets, url]);
      },
    );
  if (answer.response.status >= 400) throw refused(what, answer.response, answer.text, secrets);
}

function contentOf(body: JsonValue | undefined): string | undefined {
  if (body === undefined || body === null || body === '') return undefined;
  return typeof body === 'string' ? body : JSON.stringify(body, null, 2);
}

function fileName(content: string): string {
  return /^\s*[[{]/.test(content) ? 'message.json' : 'message.txt';
}
