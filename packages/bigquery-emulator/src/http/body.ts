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

/** The body's bytes, decoded: clients may send it zipped. */
export async function rawBody(context: BigQueryContext): Promise<Buffer> {
  const data = Buffer.from(await context.req.arrayBuffer());
  const decode = DECODERS[context.req.header('content-encoding')?.toLowerCase() ?? ''];
  return decode ? decode(data) : data;
}

/**
 * The JSON body, checked as far as `schema` says; unknown members stay.
 *
 * @throws BigQueryError 400 when it is none or does not fit.
 */
export async function checkedBody<T extends z.ZodType>(context: BigQueryContext, schema: T): Promise<z.infer<T>> {
  const data = await rawBody(context);
  return checked(data.length === 0 ? '{}' : data.toString('utf8'), schema);
}

export function checked<T extends z.ZodType>(text: string, schema: T): z.infer<T> {
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
