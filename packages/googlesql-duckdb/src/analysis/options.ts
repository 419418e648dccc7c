import type { SchemaOptions, TableOptions } from '../contract';
import { addToMicros } from '../runtime/dateParts';
import { parseTimestamp } from '../runtime/timeText';
import type { Expr, OptionNode } from '../syntax/tree';
import { type Context, failAt } from './context';

/** Value of a STRING option; null (SQL NULL) removes the option. */
export function text(expr: Expr): string | null {
  return literal(expr, 'STRING');
}

function literal(expr: Expr, ...types: readonly string[]): string | null {
  if (expr.kind === 'literal' && expr.type === 'NULL') return null;
  if (expr.kind === 'literal' && types.includes(expr.type)) return expr.value;
  return failAt(expr.at, `Option value must be a literal of type ${types.join(' or ')}`);
}

function flag(expr: Expr): boolean {
  return expr.kind === 'literal' && expr.type === 'BOOL'
    ? expr.value === 'TRUE'
    : expr.kind === 'literal' && expr.type === 'NULL'
      ? false
      : failAt(expr.at, 'Option value must be BOOL');
}

/** Milliseconds of an option in days. */
function days(expr: Expr): string | null {
  const value = literal(expr, 'INT64', 'FLOAT64');
  return value === null ? null : String(Math.round(Number(value) * 86_400_000));
}

/**
 * Milliseconds since the epoch of a TIMESTAMP literal or CURRENT_TIMESTAMP(), with or without TIMESTAMP_ADD or
 * TIMESTAMP_SUB.
 */
function moment(expr: Expr, context: Context): string | null {
  if (expr.kind === 'literal' && expr.type === 'NULL') return null;
  return String(micros(expr, context) / 1000n);
}

function micros(expr: Expr, context: Context): bigint {
  if ((expr.kind === 'typed' && expr.type === 'TIMESTAMP') || (expr.kind === 'literal' && expr.type === 'STRING')) {
    return parseTimestamp(expr.value) ?? failAt(expr.at, `Could not cast literal "${expr.value}" to type TIMESTAMP`);
  }
  if (expr.kind === 'call' && expr.name === 'CURRENT_TIMESTAMP') return BigInt(context.now.getTime()) * 1000n;
  const [base, step] = expr.kind === 'call' ? expr.args : [];
  if (
    expr.kind === 'call' &&
    base !== undefined &&
    step?.kind === 'interval' &&
    step.value.kind === 'literal' &&
    /^TIMESTAMP_(ADD|SUB)$/.test(expr.name)
  ) {
    const count = BigInt(step.value.value) * (expr.name === 'TIMESTAMP_SUB' ? -1n : 1n);
    return addToMicros(micros(base, context), count, step.from, 'timestamp overflow');
  }
  return failAt(expr.at, 'expiration_timestamp must be a TIMESTAMP literal or TIMESTAMP_ADD(CURRENT_TIMESTAMP(), ...)');
}

function labels(expr: Expr): Record<string, string> {
  if (expr.kind === 'literal' && expr.type === 'NULL') return {};
  if (expr.kind !== 'array') return failAt(expr.at, 'labels must be an array of pairs');
  return Object.fromEntries(
    expr.items.map((item) => {
      const pair =
        item.kind === 'struct'
          ? item.fields.map((field) => text(field.value) ?? '')
          : failAt(item.at, 'labels must be an array of pairs');
      return [pair[0] ?? '', pair[1] ?? ''];
    }),
  );
}

/** Reads the options of CREATE TABLE, CREATE VIEW and ALTER TABLE SET OPTIONS. */
export function tableOptionsOf(options: readonly OptionNode[], context: Context): TableOptions {
  return Object.assign(
    {},
    ...options.map((option): TableOptions => {
      switch (option.name) {
        case 'description':
          return { description: text(option.value) };
        case 'friendly_name':
          return { friendlyName: text(option.value) };
        case 'labels':
          return { labels: labels(option.value) };
        case 'expiration_timestamp':
          return { expirationTime: moment(option.value, context) };
        case 'partition_expiration_days':
          return { partitionExpirationMs: days(option.value) };
        case 'require_partition_filter':
          return { requirePartitionFilter: flag(option.value) };
        default:
          return failAt(option.at, `Unknown option: ${option.name}`);
      }
    }),
  ) as TableOptions;
}

/** Reads the options of CREATE SCHEMA and ALTER SCHEMA. */
export function schemaOptions(options: readonly OptionNode[], _context: Context): SchemaOptions {
  return Object.assign(
    {},
    ...options.map((option): SchemaOptions => {
      switch (option.name) {
        case 'description':
          return { description: text(option.value) };
        case 'friendly_name':
          return { friendlyName: text(option.value) };
        case 'location':
          return { location: text(option.value) ?? 'US' };
        case 'labels':
          return { labels: labels(option.value) };
        case 'default_table_expiration_days':
          return { defaultTableExpirationMs: days(option.value) };
        case 'default_partition_expiration_days':
          return { defaultPartitionExpirationMs: days(option.value) };
        case 'storage_billing_model':
        case 'max_time_travel_hours':
          // These have no effect in an emulator.
          return {};
        case 'is_case_insensitive':
          if (flag(option.value)) failAt(option.at, `${option.name} is not supported by the local BigQuery`);
          return {};
        default:
          return failAt(option.at, `Unknown option: ${option.name}`);
      }
    }),
  ) as SchemaOptions;
}
