import type { ApiError, File, GetFilesResponse, Storage } from '@google-cloud/storage';
import { errorText } from '../errorText';
import { batchBody, MAX_CALLS_PER_BATCH, parseBatchAnswers } from './batchRequest';
import {
  type ObjectChange,
  type ObjectChangeResult,
  ObjectExistsError,
  type ObjectInfo,
  type ObjectStore,
  type WriteOptions,
} from './objectStore';
import { objectUrl, parseObjectUrl } from './objectUrl';
import { linesOf } from './textLines';

/** The fields of `ObjectInfo`; whole resources are six times as long. */
const LISTED_FIELDS = 'items(name,generation,size,updated,metadata),nextPageToken';
const BATCHES_AT_ONCE = 10;
const COPIES_AT_ONCE = 32;

type MoveChange = Extract<ObjectChange, { kind: 'move' }>;
type ObjectChangeError = NonNullable<ObjectChangeResult['error']>;

/** Cloud Storage with its official client, which honours STORAGE_EMULATOR_HOST. */
export class CloudStorage implements ObjectStore {
  constructor(private readonly client: Storage) {}

  async read(url: string): Promise<string | undefined> {
    try {
      const [content] = await this.file(url).download({ validation: false });
      return content.toString('utf8');
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  async *lines(url: string): AsyncIterable<string> {
    const source = this.file(url).createReadStream({ validation: false });
    yield* linesOf(source);
  }

  async stat(url: string, generation?: string): Promise<ObjectInfo | undefined> {
    const { bucket, name } = parseObjectUrl(url);
    try {
      const [resource] = await this.client.bucket(bucket).file(name, { generation }).getMetadata();
      const { size = 0, updated = '', metadata = {} } = resource;
      return {
        url,
        generation: String(resource.generation),
        size: Number(size),
        updatedMs: Date.parse(updated),
        metadata: Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, String(value)])),
      };
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  async write(url: string, text: string, options: WriteOptions = {}): Promise<void> {
    try {
      await this.file(url).save(text, {
        resumable: false,
        validation: false,
        contentType: 'application/json',
        ...(options.metadata ? { metadata: { metadata: { ...options.metadata } } } : {}),
        ...(options.ifAbsent ? { preconditionOpts: { ifGenerationMatch: 0 } } : {}),
      });
    } catch (error) {
      if (options.ifAbsent && statusOf(error) === 412) throw new ObjectExistsError(`${url} exists`);
      throw error;
    }
  }

  async list(folderUrl: string, options: { readonly recursive: boolean }): Promise<ObjectInfo[]> {
    const { bucket, name } = parseObjectUrl(folderUrl);
    const prefix = name === '' || name.endsWith('/') ? name : `${name}/`;
    const [files] = await this.client.bucket(bucket).getFiles({
      prefix,
      fields: LISTED_FIELDS,
      ...(options.recursive ? {} : { delimiter: '/' }),
      autoPaginate: true,
    });
    // With `fields`, the client returns plain resources, unlike its types.
    const resources = files as unknown as ListedObject[];
    return resources.filter(({ name: path }) => !path.endsWith('/')).map((resource) => infoOf(bucket, resource));
  }

  /** All objects whose URL has a prefix, in pages. */
  async *pages(prefixUrl: string): AsyncGenerator<ObjectInfo[]> {
    const { bucket, name: prefix } = parseObjectUrl(prefixUrl);
    let query: object | null = { prefix, fields: LISTED_FIELDS, autoPaginate: false };
    while (query) {
      const [files, next]: GetFilesResponse = await this.client.bucket(bucket).getFiles(query);
      const resources = files as unknown as ListedObject[];
      yield resources.filter(({ name }) => !name.endsWith('/')).map((resource) => infoOf(bucket, resource));
      query = next;
    }
  }

  async change(changes: readonly ObjectChange[]): Promise<ObjectChangeResult[]> {
    const together = changes.filter((change) => !leavesBucket(change));
    const batches: ObjectChange[][] = [];
    for (let start = 0; start < together.length; start += MAX_CALLS_PER_BATCH) {
      batches.push(together.slice(start, start + MAX_CALLS_PER_BATCH));
    }
    const results: ObjectChangeResult[][] = [await this.moveAway(changes.filter(leavesBucket))];
    for (let start = 0; start < batches.length; start += BATCHES_AT_ONCE) {
      const wave = batches.slice(start, start + BATCHES_AT_ONCE);
      results.push(...(await Promise.all(wave.map((batch) => this.sendBatch(batch)))));
    }
    return results.flat();
  }

  /**
   * Moves objects to other buckets, for which there is no call: copies, then deletes. An object that an earlier attempt has moved no
   * longer exists and is not copied again.
   */
  private async moveAway(moves: readonly MoveChange[]): Promise<ObjectChangeResult[]> {
    const results: ObjectChangeResult[] = [];
    for (let start = 0; start < moves.length; start += COPIES_AT_ONCE) {
      const wave = moves.slice(start, start + COPIES_AT_ONCE);
      const copies = await Promise.all(wave.map((move) => this.copy(move)));
      const copied = wave.filter((_move, at) => copies[at] === 'copied');
      const deletes = copied.map(({ from, generation }): ObjectChange => {
        return { kind: 'delete', url: from, generation };
      });
      const deleted = deletes.length > 0 ? await this.sendBatch(deletes) : [];
      const errors = new Map(copied.map((move, at) => [move, deleted[at]?.error]));
      for (const [at, change] of wave.entries()) {
        const copy = copies[at];
        const error = typeof copy === 'object' ? copy : errors.get(change);
        results.push({ change, error });
      }
    }
    return results;
  }

  private async copy({ from, generation, to }: MoveChange): Promise<'copied' | 'gone' | ObjectChangeError> {
    const { bucket, name } = parseObjectUrl(from);
    const source = this.client.bucket(bucket).file(name, generation === undefined ? {} : { generation });
    try {
      await source.copy(this.file(to));
      return 'copied';
    } catch (error) {
      // The answer is the same when the target bucket does not exist.
      if (statusOf(error) === 404 && !(await source.exists())[0]) return 'gone';
      const message = errorText(error);
      return { status: statusOf(error) ?? 500, reason: (error as ApiError).errors?.[0]?.reason, message };
    }
  }

  private file(url: string): File {
    const { bucket, name } = parseObjectUrl(url);
    return this.client.bucket(bucket).file(name);
  }

  private async sendBatch(changes: readonly ObjectChange[]): Promise<ObjectChangeResult[]> {
    const { contentType, body } = batchBody(changes);
    const { answerType, text } = await this.post('/batch/storage/v1', contentType, body);
    const answers = new Map(parseBatchAnswers(answerType, text).map((answer) => [answer.index, answer]));
    return changes.map((change, index) => {
      const answer = answers.get(index);
      if (!answer) return { change, error: { status: 500, message: 'the batch request has no answer for this call' } };
      const overwritten = change.kind === 'move' && change.generation !== undefined && answer.status === 412;
      const gone = overwritten || (answer.status === 404 && change.kind !== 'annotate');
      if (gone || answer.status < 300) return { change };
      return { change, error: { status: answer.status, reason: reasonIn(answer.body), message: answer.body } };
    });
  }

  /** Sends a batch request through the authenticated transport of the client, which has no method for it. */
  private post(path: string, contentType: string, body: string): Promise<{ answerType: string; text: string }> {
    return new Promise((resolve, reject) => {
      this.client.request(
        {
          method: 'POST',
          uri: `${new URL(this.client.apiEndpoint).origin}${path}`,
          headers: { 'Content-Type': contentType },
          body,
        },
        (error, answer, response) => {
          if (error) reject(error);
          else resolve({ answerType: String(response?.headers['content-type'] ?? ''), text: String(answer) });
        },
      );
    });
  }
}

/** The listed fields of an object resource. */
interface ListedObject {
  readonly name: string;
  readonly generation: string;
  readonly size: string;
  readonly updated: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

function infoOf(bucket: string, { name, generation, size, updated, metadata = {} }: ListedObject): ObjectInfo {
  return { url: objectUrl(bucket, name), generation, size: Number(size), updatedMs: Date.parse(updated), metadata };
}

function leavesBucket(change: ObjectChange): change is MoveChange {
  return change.kind === 'move' && parseObjectUrl(change.from).bucket !== parseObjectUrl(change.to).bucket;
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error ? (error as ApiError).code : undefined;
}

/** Reason of an error as Google's APIs write it: `{"error": {"errors": [{"reason": "quotaExceeded"}]}}`. */
function reasonIn(body: string): string | undefined {
  return /"reason":\s*"(\w+)"/.exec(body)?.[1];
}
