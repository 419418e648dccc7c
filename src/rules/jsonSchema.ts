import { z } from 'zod';
import { actionRequests } from './actionRequests';
import { fileRule } from './rule';
import type { JsonObject } from './types';

type Schema = z.core.JSONSchema.BaseSchema;

/**
 * JSON Schema of a rule file, with which editors complete and check rules. It is made from the definition that parses rules.
 * Editors suggest keys in the documented spelling; other cases are valid too, since the loader accepts them.
 */
export function ruleFileJsonSchema(): JsonObject {
  const file = z.union([fileRule, z.array(fileRule)]);
  const schema = z.toJSONSchema(file, { unrepresentable: 'any', override: ({ jsonSchema }) => describe(jsonSchema) });
  const requests = Object.entries(actionRequests).map(([kind, request]) => ({
    if: { properties: { Action: { const: kind } }, required: ['Action'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { Request: requestSchema(request) } },
  }));
  const definitions = schema.$defs ?? {};
  const action = definitions['Action'];
  const described: Schema = {
    ...schema,
    title: 'bqtail rule file',
    $defs: {
      ...definitions,
      ...(typeof action === 'object' && {
        Action: {
          ...action,
          properties: { ...action.properties, Action: { type: 'string', enum: Object.keys(actionRequests) } },
          allOf: requests,
        },
      }),
    },
  };
  return JSON.parse(JSON.stringify(described));
}

/** Schema of a request, for its keys only: any value may be a variable. */
function requestSchema(request: z.ZodObject): Schema {
  const { $schema: _, ...schema } = z.toJSONSchema(request, {
    unrepresentable: 'any',
    override: ({ jsonSchema }) => describe(jsonSchema),
  });
  return schema;
}

/** Allows keys in any case, as the loader does, and refuses all others. */
function describe(schema: Schema): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.properties === undefined) return;
  delete schema.additionalProperties;
  schema.propertyNames = { pattern: `^(?:${Object.keys(schema.properties).map(anyCase).join('|')})$` };
}

function anyCase(key: string): string {
  return key.replace(/[A-Za-z]/g, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);
}
