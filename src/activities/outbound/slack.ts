import { ErrorCode, LogLevel, WebClient } from '@slack/web-api';
import type { ApplicationFailure } from '@temporalio/common';
import { classOf, isTransient } from '../../errorClass';
import { newFailure } from '../../failures';

/** A message for a channel. */
export interface SlackNote {
  readonly title: string;
  /** Text below the title; empty for none. */
  readonly message: string;
  /** Author; empty for the app itself. */
  readonly from: string;
  /** An attached file. */
  readonly file?: { readonly name: string; readonly content: string };
}

/**
 * Posts to a channel. Slack accepts files only for the ID of a channel, which it returns for a posted message. So a channel that is
 * given by name gets the title as a message before the file.
 *
 * @param apiUrl another address of Slack's Web API, ending with a slash
 * @throws ApplicationFailure, retried after outages and rate limits
 */
export async function postToSlack(
  token: string,
  apiUrl: string | undefined,
  channel: string,
  note: SlackNote,
): Promise<void> {
  const client = new WebClient(token, {
    slackApiUrl: apiUrl,
    // Temporal retries, where attempts are visible.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  });
  try {
    const isId = /^[CDG][A-Z0-9]{7,}$/.test(channel);
    const posted = note.message || !note.file || !isId ? await post(client, channel, note) : undefined;
    if (note.file) await upload(client, posted ?? channel, note.title, note.file);
  } catch (error) {
    throw slackFailure(error, channel);
  }
}

async function post(client: WebClient, channel: string, { title, message, from }: SlackNote): Promise<string> {
  const attachment = { text: message, fallback: message, ...(from ? { author_name: from } : {}) };
  const answer = await client.chat.postMessage({
    channel,
    text: title,
    ...(message ? { attachments: [attachment] } : {}),
  });
  return answer.channel ?? channel;
}

async function upload(
  client: WebClient,
  channel: string,
  title: string,
  { name, content }: NonNullable<SlackNote['file']>,
): Promise<void> {
  await client.filesUploadV2({ channel_id: channel, title, filename: name, content });
}

function slackFailure(error: unknown, channel: string): ApplicationFailure {
  const { code, data, retryAfter, message } = Object(error);
  const reason = code === ErrorCode.PlatformError ? String(data?.error) : undefined;
  const cause = reason ?? String(message ?? error);
  const text = `Slack, channel ${channel}: ${cause}`;
  if (reason !== undefined && !isTransient(classOf({ reason, message: cause })))
    return newFailure(/auth|token|scope/.test(reason) ? 'PermissionDenied' : 'ActionFailed', text);
  const wait = Number(retryAfter ?? 0);
  return newFailure('ActionFailed', text, { retry: true, retryAfterMs: wait > 0 ? wait * 1000 : undefined });
}
