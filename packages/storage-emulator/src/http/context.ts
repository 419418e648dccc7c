import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

import mask = require('json-mask');

import type { CallCounts } from '../callCounts';
import { invalid, parseError } from '../errors';
import type { Faults } from '../faults';
import type { PubsubClient } from '../notifications/pubsub';
import type { Blobs } from '../store/blobs';
import type { Buckets } from '../store/buckets';
import type { Database } from '../store/database';
import type { Notifications } from '../store/notifications';
import type { Objects } from '../store/objects';
import type { PartUploads } from '../uploads/parts';
import type { ResumableUploads } from '../uploads/resumable';

/** The parts of the emulator that the routes use. */
export interface Services {
  readonly project: string;
  readonly db: Database;
  readonly blobs: Blobs;
  readonly buckets: Buckets;
  readonly objects: Objects;
  readonly notifications: Notifications;
  /** Absent when the emulator was started without Pub/Sub. */
  readonly pubsub: PubsubClient | undefined;
  readonly uploads: ResumableUploads;
  readonly parts: PartUploads;
  readonly counts: CallCounts;
  readonly faults: Faults;
}

/** The batch that contains a call. */
export interface BatchScope {
  /** Buckets that the calls of the batch touch. */
  readonly buckets: Set<string>;
}

/** The connection of a request, and the batch that contains it. */
export interface StorageEnv {
  Bindings: HttpBindings & { readonly batch?: BatchScope };
}

export type StorageContext = Context<StorageEnv>;

/** The address at which the caller reached this server. */
export function baseOf(context: StorageContext): string {
  return `http://${context.req.header('host') ?? new URL(context.req.url).host}`;
}

/** A decoded path parameter. Routes are matched on the encoded path, so a name is decoded only once. */
export function param(context: StorageContext, name: string): string {
  const value = context.req.param(name) ?? '';
  if (/%(?![0-9a-f]{2})/i.test(context.req.path)) throw invalid(`Invalid percent-encoding: ${context.req.path}`);
  return value;
}

/** A function that reads parameters of the query string. */
export function queryOf(context: StorageContext): (name: string) => string | undefined {
  return (name) => context.req.query(name);
}

/** The JSON object in the body of a request; an empty body is an empty object. */
export async function bodyOf(context: StorageContext): Promise<Record<string, unknown>> {
  return parseJsonObject(await context.req.text());
}

export function parseJsonObject(text: string): Record<string, unknown> {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw parseError();
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw parseError();
  return { ...value };
}

/** A JSON response, reduced to the fields that the parameter `fields` names. */
export function answer(
  context: StorageContext,
  resource: Record<string, unknown>,
  headers?: Record<string, string>,
): Response {
  const fields = context.req.query('fields');
  const shown = fields === undefined || fields === '' ? resource : (mask(resource, fields) ?? {});
  return context.body(JSON.stringify(shown), 200, { 'content-type': 'application/json; charset=UTF-8', ...headers });
}
