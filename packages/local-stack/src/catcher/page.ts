import { html } from 'hono/html';
import type { CaughtRequest, SlackPost } from './caught';

/** Everything that the catcher shows. */
export interface Catch {
  readonly requests: readonly CaughtRequest[];
  readonly slack: readonly SlackPost[];
  /** Messages of the Pub/Sub emulator; data in Base64. */
  readonly messages: readonly {
    readonly topic: string;
    readonly data: string;
    readonly attributes: Readonly<Record<string, string>>;
    readonly orderingKey?: string;
    readonly publishTime: string;
  }[];
}

type Cells = readonly (string | undefined)[];

const STYLE = `
  body { font: 14px/1.4 system-ui, sans-serif; margin: 2rem; }
  table { border-collapse: collapse; margin-bottom: 2rem; }
  td, th { border: 1px solid #ccc; padding: 0.3rem 0.6rem; text-align: left; vertical-align: top; }
  pre { margin: 0; white-space: pre-wrap; max-width: 60rem; }`;

/** The page, with a table each for calls, Slack and Pub/Sub, newest first. */
export function page({ requests, slack, messages }: Catch) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="refresh" content="3" />
        <title>Request catcher</title>
        <style>${STYLE}</style>
      </head>
      <body>
        ${table('Calls', ['time', 'request', 'header', 'body'], requests.map(requestCells))}
        ${table('Slack', ['time', 'channel', 'title', 'text or file', 'from'], slack.map(slackCells))}
        ${table('Pub/Sub', ['time', 'topic', 'data', 'attributes', 'key'], messages.map(messageCells))}
      </body>
    </html>`;
}

function requestCells({ time, method, path, headers, body }: CaughtRequest): Cells {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [time, `${method} ${path}`, lines.join('\n'), body];
}

function slackCells({ time, channel, text, body, from, filename }: SlackPost): Cells {
  return [time, channel, text, filename ? `${filename}\n${body}` : body, from];
}

function messageCells({ publishTime, topic, data, attributes, orderingKey }: Catch['messages'][number]): Cells {
  const named = Object.entries(attributes).map(([name, value]) => `${name}=${value}`);
  return [publishTime, topic, Buffer.from(data, 'base64').toString(), named.join('\n'), orderingKey];
}

function table(title: string, heads: readonly string[], rows: readonly Cells[]) {
  const newestFirst = [...rows].reverse();
  return html`<h2>${title}: ${rows.length}</h2>
    <table>
      <tr>${heads.map((head) => html`<th>${head}</th>`)}</tr>
      ${newestFirst.map((cells) => html`<tr>${cells.map((cell) => html`<td><pre>${cell ?? ''}</pre></td>`)}</tr>`)}
    </table>`;
}
