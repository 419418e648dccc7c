import { setTimeout as sleep } from 'node:timers/promises';
import type { CaseCloud } from './caseCloud';
import { expandNumber } from './placeholders';
import type { Upload } from './testCase';

const MAX_CONCURRENT_UPLOADS = 8;

/** Uploads the files of a case at their times. @returns their URLs. */
export async function uploadAll(uploads: readonly Upload[], cloud: CaseCloud): Promise<readonly string[]> {
  const startedAt = Date.now();
  const urls: string[] = [];
  for (const upload of uploads) {
    await until(startedAt + upload.afterMs);
    const { times, start, everyMs, url, text = '', contentBase64 } = upload;
    if (times === undefined) {
      await cloud.put(url, contentBase64 === undefined ? text : Buffer.from(contentBase64, 'base64'));
      urls.push(url);
      continue;
    }
    const first = Date.now();
    const running = new Set<Promise<void>>();
    for (let at = 0; at < times; at += 1) {
      await until(first + at * everyMs);
      if (running.size >= MAX_CONCURRENT_UPLOADS) await Promise.race(running);
      const target = expandNumber(url, start + at);
      const put: Promise<void> = cloud.put(target, expandNumber(text, start + at)).finally(() => running.delete(put));
      running.add(put);
      urls.push(target);
    }
    await Promise.all(running);
  }
  return urls;
}

/** Minimum duration of the uploads, seconds. */
export function spanSec(uploads: readonly Upload[]): number {
  const ends = uploads.map(({ afterMs, times = 0, everyMs }) => afterMs + times * everyMs);
  return Math.max(0, ...ends) / 1000;
}

/** Resolves at a time, Unix milliseconds; at once when it has passed. */
async function until(unixMs: number): Promise<void> {
  const leftMs = unixMs - Date.now();
  if (leftMs > 0) await sleep(leftMs);
}
