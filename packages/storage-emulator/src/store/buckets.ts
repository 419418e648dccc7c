import { bucketExists, bucketNotEmpty, bucketNotFound, conditionNotMet, invalid } from '../errors';
import { type Database, endOf, keyOf } from './database';
import { checkWrite } from './preconditions';
import type { BucketRecord, Preconditions } from './records';

const NAME = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;
/** Fields that only the service sets. */
const OUTPUT_ONLY = ['kind', 'id', 'selfLink', 'name', 'metageneration', 'etag', 'timeCreated', 'updated', 'acl'];

/** The buckets. */
export class Buckets {
  constructor(private readonly db: Database) {}

  /** @throws ApiError 404 */
  get(name: string): BucketRecord {
    const bucket = this.db.buckets.get(keyOf(name));
    if (bucket === undefined) throw bucketNotFound();
    return bucket;
  }

  /** Buckets of a project whose names start with the prefix, by name. */
  list(project: string, prefix: string): BucketRecord[] {
    const start = keyOf(prefix);
    const buckets = [...this.db.buckets.getRange({ start, end: endOf(start) })].map(({ value }) => value);
    return buckets.filter((bucket) => bucket.project === project);
  }

  async insert(project: string, name: string, fields: Readonly<Record<string, unknown>>): Promise<BucketRecord> {
    if (!NAME.test(name)) throw invalid(`Invalid bucket name: '${name}'`);
    return this.db.write(() => {
      if (this.db.buckets.get(keyOf(name)) !== undefined) throw bucketExists();
      const now = Date.now();
      const bucket = { name, project, metageneration: 1, created: now, updated: now, fields: settings({}, fields) };
      this.db.buckets.put(keyOf(name), bucket);
      return bucket;
    });
  }

  /** @param replace removes settings that are not given (update) instead of keeping them (patch). */
  async patch(
    name: string,
    fields: Readonly<Record<string, unknown>>,
    conditions: Preconditions,
    replace: boolean,
  ): Promise<BucketRecord> {
    return this.db.write(() => {
      const current = this.get(name);
      checkMetageneration(conditions, current);
      const changed = {
        ...current,
        metageneration: current.metageneration + 1,
        updated: Date.now(),
        fields: settings(replace ? {} : current.fields, fields),
      };
      this.db.buckets.put(keyOf(name), changed);
      return changed;
    });
  }

  async remove(name: string, conditions: Preconditions): Promise<void> {
    await this.db.write(() => {
      checkMetageneration(conditions, this.get(name));
      const objects = keyOf(name, '');
      for (const _ of this.db.objects.getRange({ start: objects, end: endOf(objects), limit: 1 }))
        throw bucketNotEmpty();
      for (const { key } of [...this.db.notifications.getRange({ start: objects, end: endOf(objects) })])
        this.db.notifications.remove(key);
      this.db.buckets.remove(keyOf(name));
    });
  }
}

function checkMetageneration(conditions: Preconditions, bucket: BucketRecord): void {
  if (conditions.generationMatch !== undefined) throw conditionNotMet();
  checkWrite(conditions, { generation: 0, metageneration: bucket.metageneration });
}

function settings(
  current: Readonly<Record<string, unknown>>,
  patch: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result = { ...current };
  checkSupported(patch);
  for (const [key, value] of Object.entries(patch)) {
    if (OUTPUT_ONLY.includes(key)) continue;
    if (value === null) delete result[key];
    else if (key === 'labels') result[key] = settings(asRecord(current[key]), asRecord(value));
    else result[key] = value;
  }
  return result;
}

/** Refuses settings under which the service would behave differently from the emulator. */
function checkSupported({ versioning, retentionPolicy }: Readonly<Record<string, unknown>>): void {
  const unsupported = (setting: string) =>
    invalid(`Buckets with ${setting} are not supported by the local Cloud Storage.`);
  if (asRecord(versioning)['enabled'] === true) throw unsupported('versioning');
  if (asRecord(retentionPolicy)['retentionPeriod']) throw unsupported('retentionPolicy');
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
