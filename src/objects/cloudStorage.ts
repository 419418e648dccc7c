import type { ApiError, File, Storage } from '@google-cloud/storage';
import { batchBody, MAX_CALLS_PER_BATCH, parseBatchAnswers } from './batchRequest';
import {
  type ObjectChange,
  type ObjectChangeResult,
  ObjectExistsError,
  type ObjectInfo,
  type ObjectStore,
  type WriteOptions,
} from './objectStore';
import { parseObjectUrl } from './objectUrl';

const BATCHES_AT_ONCE = 4;

type MoveChange = Extract<ObjectChange, { kind: 'move' }>;

/** Cloud Storage by its official client, which honours STORAGE_EMULATOR_HOST. */
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
      if (options.ifAbsent && statusOf(error) === 412) throw new ObjectExistsError(`${url} exists already`);
      throw error;
    }
  }

  async list(folderUrl: string, options: { readonly recursive: boolean }): Promise<ObjectInfo[]> {
    const { bucket, name } = parseObjectUrl(folderUrl);
    const prefix = name === '' || name.endsWith('/') ? name : `${name}/`;
    const [files] = await this.client
      .bucket(bucket)
      .getFiles({ prefix, ...(options.recursive ? {} : { delimiter: '/' }), autoPaginate: true });
    return files.filter((file) => !file.name.endsWith('/')).map((file) => infoOf(bucket, file));
  }

  async change(changes: readonly ObjectChange[]): Promise<ObjectChangeResult[]> {
    const together = changes.filter((change) => !leavesBucket(change));
    const batches: ObjectChange[][] = [];
    for (let start = 0; start < together.length; start += MAX_CALLS_PER_BATCH) {
      batches.push(together.slice(start, start + MAX_CALLS_PER_BATCH));
    }
    const results: ObjectChangeResult[][] = [
      await Promise.all(changes.filter(leavesBucket).map((move) => this.moveAway(move))),
    ];
    for (let start = 0; start < batches.length; start += BATCHES_AT_ONCE) {
      const wave = batches.slice(start, start + BATCHES_AT_ONCE);
      results.push(...(await Promise.all(wave.map((batch) => this.sendBatch(batch)))));
    }
    return results.flat();
  }

  /** No call of a batch moves an object to another bucket: it is copied, then deleted. */
  private async moveAway(change: MoveChange): Promise<ObjectChangeResult> {
    try {
      await this.file(change.from).move(this.file(change.to));
      return { change };
    } catch (error) {
      const status = statusOf(error) ?? 500;
      if (status === 404) return { change };
      return { change, error: { status, message: error instanceof Error ? error.message : String(error) } };
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
      if (!answer) return { change, error: { status: 500, message: 'the batch request gave no answer for it' } };
      const gone = answer.status === 404 && change.kind !== 'annotate';
      if (gone || answer.status < 300) return { change };
      return { change, error: { status: answer.status, message: answer.body } };
    });
  }

  /** The client has no method for batch requests, so this goes through its authenticated transport. */
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

function infoOf(bucket: string, file: File): ObjectInfo {
  const { generation, size, updated, metadata } = file.metadata;
  return {
    url: `gs://${bucket}/${file.name}`,
    generation: String(generation),
    size: Number(size),
    updatedMs: Date.parse(String(updated)),
    metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([key, value]) => [key, String(value)])),
  };
}

function leavesBucket(change: ObjectChange): change is MoveChange {
  return change.kind === 'move' && parseObjectUrl(change.from).bucket !== parseObjectUrl(change.to).bucket;
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error ? (error as ApiError).code : undefined;
}
