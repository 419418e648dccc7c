import { z } from 'zod';
import { checked, type TestCase } from './testCase';

const count = z.number().int().nonnegative();
const row = z.record(z.string(), z.json());

const objects = z.array(
  z.strictObject({
    prefix: z.string().startsWith('gs://').or(z.string().startsWith('${')),
    count: count.optional(),
    min: count.optional(),
    max: count.optional(),
    name: z.string().optional(),
    content: z.string().optional(),
  }),
);

/** Reads `expect/objects.yaml`. @throws CommandError */
export function expectedObjects(data: unknown, file: string): readonly object[] {
  return checked(objects, data, file).map(({ prefix, count: exactly, min, max, name, content }) => ({
    prefix,
    nameRe: name,
    contentRe: content,
    minCount: exactly ?? min ?? (max === undefined ? 1 : 0),
    maxCount: exactly ?? max,
  }));
}

const tables = z.array(
  z.union([
    z.strictObject({ absent: z.string().regex(/^[^.]+\../, 'allowed is dataset.<regular expression of the table>') }),
    z.strictObject({ table: z.string(), expires: z.boolean() }),
    z.strictObject({
      table: z.string().optional(),
      query: z.string().optional(),
      rows: z.array(row),
      exact: z.boolean().default(true),
      key: z.array(z.string()).default([]),
    }),
  ]),
);

/** Reads `expect/tables.yaml`. @throws CommandError */
export function expectedTables(
  data: unknown,
  file: string,
): Pick<TestCase, 'expectTables' | 'expectNoTables' | 'expectTableMeta'> {
  const entries = checked(tables, data, file);
  return {
    expectTables: entries.flatMap((entry) => {
      if (!('rows' in entry)) return [];
      const { key, ...rest } = entry;
      return [{ ...rest, indexBy: key }];
    }),
    expectTableMeta: entries.filter((entry) => 'expires' in entry),
    expectNoTables: entries.flatMap((entry) => {
      if (!('absent' in entry)) return [];
      const dot = entry.absent.indexOf('.');
      return [{ dataset: entry.absent.slice(0, dot), nameRe: `^(?:${entry.absent.slice(dot + 1)})$` }];
    }),
  };
}

const calls = z.array(
  z.strictObject({ method: z.string(), path: z.string(), count: count.default(1), body: z.string().optional() }),
);

/** Reads `expect/calls.yaml`. @throws CommandError */
export function expectedCalls(data: unknown, file: string): TestCase['expectHttp'] {
  return checked(calls, data, file).map(({ method, path, count: minCount, body }) => ({
    method,
    path,
    minCount,
    bodyRe: body,
  }));
}

const messages = z.array(
  z.strictObject({
    topic: z.string(),
    count: count.default(1),
    attributes: row.default({}),
    data: z.json().default({}),
  }),
);

/** Reads `expect/messages.yaml`. @throws CommandError */
export function expectedMessages(data: unknown, file: string): TestCase['expectPubsub'] {
  return checked(messages, data, file).map(({ data: json, count: minCount, ...rest }) => ({ ...rest, minCount, json }));
}
