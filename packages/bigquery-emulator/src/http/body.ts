import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { z } from 'zod';
import { BigQueryError, invalid } from '../errors';
import type { BigQueryContext } from './context';

const DECODERS: Record<string, (data: Buffer) => Promise<Buffer>> = {
  gzip: promisify<Buffer, Buffer>(gunzip),
  deflate: promisify<Buffer, Buffer>(inflate),
  br: promisify<Buffer, Buffer>(brotliDecompress),
};

/** The body's bytes, decompressed as its Content-Encoding says. */
export async function rawBody(context: BigQueryContext): Promise<Buffer> {
  const data = Buffer.from(await context.req.arrayBuffer());
  const decode = DECODERS[context.req.header('content-encoding')?.toLowerCase() ?? ''];
  return decode ? decode(data) : data;
}

/**
 * The JSON body, validated by `schema`; an empty body is `{}`.
 *
 * @throws BigQueryError 400 when the body is not JSON or does not match the schema.
 */
export async function checkedBody<T extends z.ZodType>(context: BigQueryContext, schema: T): Promise<z.infer<T>> {
  const data = await rawBody(context);
  return checkedJson(data.length === 0 ? '{}' : data.toString('utf8'), schema);
}

/**
 * Parses JSON and validates it by `schema`.
 *
 * @throws BigQueryError 400 when the text is not JSON or does not match the schema.
 */
export function checkedJson<T extends z.ZodType>(text: string, schema: T): z.infer<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BigQueryError(400, 'parseError', 'Parse Error');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(`Invalid value at '${issue?.path.join('.') ?? ''}': ${issue?.message ?? 'does not fit'}`);
}
