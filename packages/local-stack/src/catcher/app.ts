import { type Context, Hono } from 'hono';
import { accepts } from 'hono/accepts';
import type { Caught } from './caught';
import { type Catch, page } from './page';
import { slackApi } from './slackApi';

/**
 * The routes of the catcher: `GET /` shows what it received, as a page or as JSON; `/slack/api/` is Slack's Web API; all
 * other requests are recorded and echoed, with the status in `?status=`.
 */
export function catcherApp(caught: Caught, pubsub: string | undefined): Hono {
  const app = new Hono();
  app.get('/', async (context) => {
    const { requests, slack } = caught;
    const received: Catch = { requests, slack, messages: await published(pubsub) };
    const supports = ['application/json', 'text/html'];
    return accepts(context, { header: 'Accept', supports, default: 'application/json' }) === 'text/html'
      ? context.html(page(received))
      : context.json(received);
  });
  app.get('/favicon.ico', (context) => context.body(null, 204));
  app.route('/slack', slackApi(caught));
  app.all('*', async (context) => {
    const { body } = await caught.request(context.req.raw);
    const type = context.req.header('content-type') ?? 'text/plain';
    return new Response(body, { status: statusOf(context), headers: { 'content-type': type } });
  });
  return app;
}

function statusOf(context: Context): number {
  const status = Number(context.req.query('status') ?? 200);
  return Number.isInteger(status) && status >= 200 && status <= 599 ? status : 200;
}

/** Messages from Pub/Sub without the notifications of Cloud Storage, which would hide the others. */
async function published(pubsub: string | undefined): Promise<Catch['messages']> {
  if (pubsub === undefined) return [];
  const answer = await fetch(`http://${pubsub}/_local/messages`);
  const { messages } = (await answer.json()) as Pick<Catch, 'messages'>;
  return messages.filter(({ attributes }) => attributes['notificationConfig'] === undefined);
}
