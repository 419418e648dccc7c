import { TIMESTAMP_FORMATS, type ValueFormat } from '@bqtail/googlesql-duckdb';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { CallCounts } from '../callCounts';
import { invalid } from '../errors';
import type { Faults } from '../faults';
import type { JobContext } from '../jobs/context';
import type { Jobs } from '../jobs/jobs';

/** What the routes need: the emulator's state, its jobs, counted calls and faults. */
export interface Services {
  /** Project that exists from the start. */
  readonly project: string;
  readonly jobContext: JobContext;
  readonly jobs: Jobs;
  readonly counts: CallCounts;
  readonly faults: Faults;
}

export type BigQueryEnv = { Bindings: HttpBindings };
export type BigQueryContext = Context<BigQueryEnv>;

/** A parameter of the route's path. */
export function param(context: BigQueryContext, name: string): string {
  const value = context.req.param(name);
  if (value === undefined) throw new Error(`The route has no parameter ${name}`);
  return value;
}

/**
 * A non-negative integer of the query string; undefined when it is absent.
 *
 * @throws BigQueryError when the value is anything else.
 */
export function numberOf(context: BigQueryContext, name: string): number | undefined {
  const text = context.req.query(name);
  if (text === undefined || text === '') return undefined;
  if (!/^\d+$/.test(text)) throw invalid(`Invalid value at '${name}' (TYPE_UINT64), "${text}"`, name);
  return Number(text);
}

/**
 * The value format that the `formatOptions` of a query string or a body ask for.
 *
 * @throws BigQueryError when the format is unknown or contradictory.
 */
export function formatOf({ useInt64Timestamp, timestampOutputFormat }: FormatOptions): ValueFormat {
  const requested = timestampOutputFormat || 'TIMESTAMP_OUTPUT_FORMAT_UNSPECIFIED';
  if (requested === 'TIMESTAMP_OUTPUT_FORMAT_UNSPECIFIED') {
    return { timestamps: useInt64Timestamp ? 'INT64' : 'FLOAT64' };
  }
  const timestamps = TIMESTAMP_FORMATS.find((name) => name === requested);
  if (!timestamps) throw invalid(`Invalid value at 'format_options.timestamp_output_format', "${requested}"`);
  if (useInt64Timestamp && timestamps !== 'INT64') {
    throw invalid('Cannot specify both use_int64_timestamp and timestamp_output_format.');
  }
  return { timestamps };
}

interface FormatOptions {
  readonly useInt64Timestamp?: boolean | undefined;
  readonly timestampOutputFormat?: string | undefined;
}

/** The `formatOptions` of the query string. */
export function formatOfQuery(context: BigQueryContext): ValueFormat {
  return formatOf({
    useInt64Timestamp: flag(context, 'formatOptions.useInt64Timestamp'),
    timestampOutputFormat: context.req.query('formatOptions.timestampOutputFormat'),
  });
}

/** A boolean of the query string; absent means false. */
export function flag(context: BigQueryContext, name: string): boolean {
  // Google's Python client writes `True`.
  return context.req.query(name)?.toLowerCase() === 'true';
}
