import { z } from 'zod';
import { jsonValue } from './jsonValue';
import type { ActionKind } from './types';

const text = z.string();
const list = z.array(z.string());
const flag = z.boolean();

/** Schema of each action's request, with documented keys. Editors and the checks read the keys that must be present from `required`. */
export const actionRequests = {
  delete: z.object({ URLs: list.optional(), SourceURL: text.optional() }),
  move: z
    .object({
      DestURL: text.optional(),
      SourceURL: text.optional(),
      SourceURLs: list.optional(),
      IsDestAbsoluteURL: flag.optional(),
    })
    .meta({ required: ['DestURL'] }),
  copy: z
    .object({
      Source: text.optional(),
      Dest: text.optional(),
      Append: flag.optional(),
      Template: text.optional(),
      MultiPartition: flag.optional(),
      PartitionSQL: text.optional(),
    })
    .meta({ required: ['Source', 'Dest'] }),
  query: z.object({
    SQL: text.optional(),
    SQLURL: text.optional(),
    Dest: text.optional(),
    Append: flag.optional(),
    UseLegacy: flag.optional(),
    Template: text.optional(),
    DatasetID: text.optional(),
  }),
  insert: z
    .object({
      Dest: text.optional(),
      SQL: text.optional(),
      Data: z.array(z.record(z.string(), jsonValue)).optional(),
      Template: text.optional(),
      UseLegacy: flag.optional(),
      ProjectId: text.optional(),
    })
    .meta({ required: ['Dest'] }),
  export: z
    .object({
      Source: text.optional(),
      DestURL: text.optional(),
      Format: text.optional(),
      Compression: text.optional(),
      FieldDelimiter: text.optional(),
      IncludeHeader: flag.optional(),
      UseAvroLogicalTypes: flag.optional(),
      ProjectID: text.optional(),
    })
    .meta({ required: ['Source', 'DestURL'] }),
  drop: z.object({ Table: text.optional(), ProjectID: text.optional() }).meta({ required: ['Table'] }),
  call: z
    .object({
      URL: text.optional(),
      Method: text.optional(),
      Body: jsonValue.optional(),
      BodyURL: text.optional(),
      Auth: flag.optional(),
      Scopes: list.optional(),
      Headers: z.record(z.string(), jsonValue).optional(),
      Audience: text.optional(),
      TimeoutInSec: z.number().positive().optional(),
    })
    .meta({ required: ['URL'] }),
  push: z
    .object({
      Topic: text.optional(),
      ProjectID: text.optional(),
      Message: jsonValue.optional(),
      Data: jsonValue.optional(),
      Attributes: z.record(z.string(), jsonValue).optional(),
      OrderingKey: text.optional(),
    })
    .meta({ required: ['Topic'] }),
  notify: z
    .object({
      Channels: list.optional(),
      From: text.optional(),
      Title: text.optional(),
      Message: text.optional(),
      Filename: text.optional(),
      Body: jsonValue.optional(),
      Token: text.optional(),
      Credentials: z
        .object({
          URL: text.optional(),
          Parameter: text.optional(),
          Key: text.optional(),
          Secret: text.optional(),
          Env: text.optional(),
        })
        .optional(),
      URL: text.optional(),
    })
    .meta({ required: ['Title'] }),
} as const satisfies Record<ActionKind, z.ZodObject>;

/** Request of an action as its schema parses it, e.g. `ActionRequest<'query'>['SQL']`. */
export type ActionRequest<K extends ActionKind> = Readonly<z.infer<(typeof actionRequests)[K]>>;

/** Names of the actions that a rule may use. */
export const actionKinds: readonly string[] = Object.keys(actionRequests);

export function isActionKind(name: string): name is ActionKind {
  return Object.hasOwn(actionRequests, name);
}

/** Actions that cannot have OnSuccess and OnFailure, as in viant/bqtail. */
export const leafActions: readonly ActionKind[] = ['delete', 'move', 'notify'];

/** Keys of which at least one must be present. */
export const requiredOneOf: Partial<Record<ActionKind, readonly string[]>> = {
  query: ['SQL', 'SQLURL'],
  insert: ['SQL', 'Data'],
  notify: ['Channels', 'URL'],
};

/** Keys whose value is a table. It must include the dataset, unless the text has a variable that may expand to one. */
export const tableKeys: Partial<Record<ActionKind, readonly string[]>> = {
  copy: ['Source', 'Dest', 'Template'],
  query: ['Dest', 'Template'],
  insert: ['Dest', 'Template'],
  export: ['Source'],
  drop: ['Table'],
};
