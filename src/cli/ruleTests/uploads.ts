import type { CaseCloud } from './caseCloud';
import { numbered } from './placeholders';
import type { Upload } from './testCase';

const AT_ONCE = 8;

/** Uploads the files of a case, each at its time. @returns their URLs. */
export async function uploadAll(uploads: readonly Upload[], cloud: CaseCloud): Promise<readonly string[]> {
  const begin = Date.now();
  const urls: string[] = [];
  for (const upload of uploads) {
    await until(begin + upload.afterMs);
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
      if (running.size >= AT_ONCE) await Promise.race(running);
      const target = numbered(url, start + at);
      const put: Promise<void> = cloud.put(target, numbered(text, start + at)).finally(() => running.delete(put));
      running.add(put);
      urls.push(target);
    }
    await Promise.all(running);
  }
  return urls;
}

/** How long the uploads take at least, seconds. */
export function spanSec(uploads: readonly Upload[]): number {
  const ends = uploads.map(({ afterMs, times = 0, everyMs }) => afterMs + times * everyMs);
  return Math.max(0, ...ends) / 1000;
}

export async function until(unixMs: number): Promise<void> {
  const left = unixMs - Date.now();
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
}
