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

/** All that the routes work on. */
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

/** The batch that a call is part of. */
export interface BatchScope {
  /** Buckets that the batch's calls touch. */
  readonly buckets: Set<string>;
}

/** What a request brings along besides itself: the connection, and the batch that it came in. */
export interface StorageEnv {
  Bindings: HttpBindings & { readonly batch?: BatchScope };
}

export type StorageContext = Context<StorageEnv>;

/** Address under which the caller reached this server. */
export function baseOf(c: StorageContext): string {
  return `http://${c.req.header('host') ?? new URL(c.req.url).host}`;
}

/** A path parameter. Routes are matched on the path as it was sent, so this is the only decoding. */
export function param(c: StorageContext, name: string): string {
  const value = c.req.param(name) ?? '';
  if (/%(?![0-9a-f]{2})/i.test(c.req.path)) throw invalid(`Invalid percent-encoding: ${c.req.path}`);
  return value;
}

/** Looks up a parameter of the query. */
export function queryOf(c: StorageContext): (name: string) => string | undefined {
  return (name) => c.req.query(name);
}

/** The JSON object of a body; an empty body is an empty object. */
export async function bodyOf(c: StorageContext): Promise<Record<string, unknown>> {
  return parseJsonObject(await c.req.text());
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

/** A JSON answer, reduced to the parameter `fields` when it is given. */
export function answer(
  c: StorageContext,
  resource: Record<string, unknown>,
  headers?: Record<string, string>,
): Response {
  const fields = c.req.query('fields');
  const shown = fields === undefined || fields === '' ? resource : (mask(resource, fields) ?? {});
  return c.body(JSON.stringify(shown), 200, { 'content-type': 'application/json; charset=UTF-8', ...headers });
}
