import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono } from 'hono';
import type { z } from 'zod';
import { invalid, notFound } from '../errors';
import { jobFileName } from '../jobs/jobFileName';
import type { ApiCall } from './apiCall';
import { checkedJson, rawBody } from './body';
import { type BigQueryContext, type BigQueryEnv, param, type Services } from './context';
import { insertJob } from './jobRoutes';
import { partsOf } from './multipart';
import { jobBody } from './schemas';

type JobBody = z.infer<typeof jobBody>;

/** jobs.insert with media: in one multipart request, or in the chunks of a resumable upload. */
export function uploadRoutes(call: ApiCall, services: Services): Hono<BigQueryEnv> {
  const { uploads } = services.jobContext;
  const app = new Hono<BigQueryEnv>();

  // Some clients, such as Google's for Go, send the chunks of a resumable upload by POST.
  const upload = call('jobs.upload', (context) => receiveChunk(context));
  app.post('/projects/:project/jobs', (context, next) =>
    context.req.query('upload_id') === undefined ? next() : upload(context),
  );
  app.post(
    '/projects/:project/jobs',
    call('jobs.insert', async (context) => {
      const type = context.req.query('uploadType');
      if (type === 'resumable') return startSession(context);
      if (type !== 'multipart') throw invalid(`Invalid upload type: ${type ?? 'none'}`);
      const parts = partsOf(context.req.header('content-type'), await rawBody(context));
      const [head, media] = parts;
      if (parts.length !== 2 || !head || !media) {
        throw invalid(`A multipart upload has two parts, the job and the media; got ${parts.length}.`);
      }
      return context.json(
        await insertWithMedia(context, checkedJson(head.toString('utf8'), jobBody), (path) => writeFile(path, media)),
      );
    }),
  );

  app.put('/projects/:project/jobs', upload);

  async function startSession(context: BigQueryContext): Promise<Response> {
    const id = randomUUID();
    const body = checkedJson((await rawBody(context)).toString('utf8') || '{}', jobBody);
    await mkdir(uploads, { recursive: true });
    await writeFile(join(uploads, `session-${id}.json`), JSON.stringify(body));
    await writeFile(join(uploads, `session-${id}.part`), '');
    const url = new URL(context.req.url);
    url.searchParams.set('uploadType', 'resumable');
    url.searchParams.set('upload_id', id);
    context.header('Location', url.href);
    context.header('X-GUploader-UploadID', id);
    return context.body(null, 200);
  }

  /** Receives a chunk; the last one inserts the job. Bytes that were received before are skipped. */
  async function receiveChunk(context: BigQueryContext): Promise<Response> {
    const id = context.req.query('upload_id') ?? '';
    const [session, part] = [join(uploads, `session-${id}.json`), join(uploads, `session-${id}.part`)];
    const text = /^[\w-]+$/.test(id) ? await readFile(session, 'utf8').catch(() => undefined) : undefined;
    if (text === undefined) throw notFound(`Upload ${id}`);
    const data = await rawBody(context);
    const { start, total } = rangeOf(context.req.header('content-range'), data.length);
    const { size } = await stat(part);
    if (start !== undefined && start <= size) await appendFile(part, data.subarray(size - start));
    const received = (await stat(part)).size;
    if (total === undefined || received < total) {
      if (received > 0) context.header('Range', `bytes=0-${received - 1}`);
      // Clients whose HTTP library would follow a 308 as a redirect ask for the status in a header only.
      const status = context.req.header('x-guploader-no-308') === 'yes' ? 200 : 308;
      return context.body(null, status, { 'X-HTTP-Status-Code-Override': '308' });
    }
    const job = await insertWithMedia(context, checkedJson(text, jobBody), (path) => rename(part, path));
    await rm(session, { force: true });
    return context.json(job);
  }

  async function insertWithMedia(
    context: BigQueryContext,
    body: JobBody,
    put: (path: string) => Promise<void>,
  ): Promise<object> {
    if (!body.configuration?.load) throw invalid('Media uploads are for load jobs.');
    const jobId = body.jobReference?.jobId || `job_${randomUUID().replaceAll('-', '')}`;
    const reference = { ...body.jobReference, jobId };
    const ref = { projectId: param(context, 'project'), jobId };
    // Keep the media of an existing job with this ID; the insert below answers `duplicate`.
    if (!services.jobs.store.has(ref)) {
      await mkdir(uploads, { recursive: true });
      await put(join(uploads, jobFileName(ref)));
    }
    return insertJob(context, services, { ...body, jobReference: reference }, true);
  }

  return app;
}

/** Reads `bytes 0-21/22`, `bytes 0-21/*` or `bytes * /22`; without the header, the body is the whole file. */
function rangeOf(header: string | undefined, length: number): { start?: number; total?: number } {
  const match = /^bytes\s+(?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(header ?? '');
  if (!match) return { start: 0, total: length };
  return {
    start: match[1] === undefined ? undefined : Number(match[1]),
    total: match[2] === '*' ? undefined : Number(match[2]),
  };
}
