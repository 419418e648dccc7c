import { type Context, Hono } from 'hono';
import type { Caught } from './caught';

interface Upload {
  readonly filename: string;
  content: string;
}

/** The methods of Slack's Web API that post messages and files. Every token of Slack's form is accepted. */
export function slackApi(caught: Caught): Hono {
  const app = new Hono();
  const uploads = new Map<string, Upload>();
  let posts = 0;

  app.use('/api/*', async (context, next) => {
    if (!/^Bearer xox/.test(context.req.header('authorization') ?? ''))
      return context.json({ ok: false, error: 'invalid_auth' });
    return next();
  });
  app.post('/api/chat.postMessage', async (context) => {
    const { channel, text, attachments } = await fields(context);
    if (!channel) return context.json({ ok: false, error: 'channel_not_found' });
    const [first] = parsed<{ text?: string; author_name?: string }>(attachments);
    caught.post({ channel, text: text ?? '', body: first?.text ?? '', from: first?.author_name ?? '', filename: '' });
    return context.json({ ok: true, channel: idOf(channel), ts: `${Math.floor(Date.now() / 1000)}.${++posts}` });
  });
  app.post('/api/files.getUploadURLExternal', async (context) => {
    const { filename = '' } = await fields(context);
    const id = `F${uploads.size + 1}`;
    uploads.set(id, { filename, content: '' });
    return context.json({ ok: true, file_id: id, upload_url: new URL(`/slack/upload/${id}`, context.req.url).href });
  });
  app.post('/upload/:id', async (context) => {
    const upload = uploads.get(context.req.param('id'));
    if (!upload) return context.text('no such upload', 404);
    const isForm = context.req.header('content-type')?.startsWith('multipart/') ?? false;
    const part = isForm
      ? Object.values(await context.req.parseBody()).find((value) => value instanceof File)
      : undefined;
    upload.content = part instanceof File ? await part.text() : isForm ? '' : await context.req.text();
    return context.text(`OK - ${upload.content.length}`);
  });
  app.post('/api/files.completeUploadExternal', async (context) => {
    const { channel_id: channel = '', files } = await fields(context);
    const done = parsed<{ id: string; title?: string }>(files);
    for (const { id, title = '' } of done) {
      const { filename = '', content = '' } = uploads.get(id) ?? {};
      caught.post({ channel, text: title, body: content, from: '', filename });
    }
    return context.json({ ok: true, files: done.map(({ id }) => ({ id })) });
  });
  app.all('/api/:method', (context) => context.json({ ok: false, error: 'unknown_method' }));
  return app;
}

/** The ID of a channel. A channel that is given by name gets an ID that contains the name. */
function idOf(channel: string): string {
  return /^[CDG][A-Z0-9]+$/.test(channel) ? channel : `C${channel.replace(/\W/g, '').toUpperCase()}`;
}

async function fields(context: Context): Promise<Readonly<Record<string, string | undefined>>> {
  const body = Object.entries(await context.req.parseBody());
  return Object.fromEntries(body.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));
}

function parsed<T>(json: string | undefined): readonly T[] {
  const value: unknown = json === undefined ? [] : JSON.parse(json);
  return Array.isArray(value) ? value : [];
}
