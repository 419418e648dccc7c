import { type Context, Hono } from 'hono';
import type { Caught } from './caught';

interface Upload {
  readonly filename: string;
  content: string;
}

/** The methods of Slack's Web API that post messages and files; it believes every token that looks like one. */
export function slackApi(caught: Caught): Hono {
  const app = new Hono();
  const uploads = new Map<string, Upload>();
  let posts = 0;

  app.use('/api/*', async (c, next) => {
    if (!/^Bearer xox/.test(c.req.header('authorization') ?? '')) return c.json({ ok: false, error: 'invalid_auth' });
    return next();
  });
  app.post('/api/chat.postMessage', async (c) => {
    const { channel, text, attachments } = await fields(c);
    if (!channel) return c.json({ ok: false, error: 'channel_not_found' });
    const [first] = parsed<{ text?: string; author_name?: string }>(attachments);
    caught.post({ channel, text: text ?? '', body: first?.text ?? '', from: first?.author_name ?? '', filename: '' });
    return c.json({ ok: true, channel: idOf(channel), ts: `${Math.floor(Date.now() / 1000)}.${++posts}` });
  });
  app.post('/api/files.getUploadURLExternal', async (c) => {
    const { filename = '' } = await fields(c);
    const id = `F${uploads.size + 1}`;
    uploads.set(id, { filename, content: '' });
    return c.json({ ok: true, file_id: id, upload_url: new URL(`/slack/upload/${id}`, c.req.url).href });
  });
  app.post('/upload/:id', async (c) => {
    const upload = uploads.get(c.req.param('id'));
    if (!upload) return c.text('no such upload', 404);
    const isForm = c.req.header('content-type')?.startsWith('multipart/') ?? false;
    const part = isForm ? Object.values(await c.req.parseBody()).find((value) => value instanceof File) : undefined;
    upload.content = part instanceof File ? await part.text() : isForm ? '' : await c.req.text();
    return c.text(`OK - ${upload.content.length}`);
  });
  app.post('/api/files.completeUploadExternal', async (c) => {
    const { channel_id: channel = '', files } = await fields(c);
    const done = parsed<{ id: string; title?: string }>(files);
    for (const { id, title = '' } of done) {
      const { filename = '', content = '' } = uploads.get(id) ?? {};
      caught.post({ channel, text: title, body: content, from: '', filename });
    }
    return c.json({ ok: true, files: done.map(({ id }) => ({ id })) });
  });
  app.all('/api/:method', (c) => c.json({ ok: false, error: 'unknown_method' }));
  return app;
}

/** Channels are known by ID; one that is named gets an ID that still tells its name. */
function idOf(channel: string): string {
  return /^[CDG][A-Z0-9]+$/.test(channel) ? channel : `C${channel.replace(/\W/g, '').toUpperCase()}`;
}

async function fields(c: Context): Promise<Readonly<Record<string, string | undefined>>> {
  const body = Object.entries(await c.req.parseBody());
  return Object.fromEntries(body.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));
}

function parsed<T>(json: string | undefined): readonly T[] {
  const value: unknown = json === undefined ? [] : JSON.parse(json);
  return Array.isArray(value) ? value : [];
}
