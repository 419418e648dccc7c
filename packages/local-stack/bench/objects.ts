import { Agent, request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { send } from './emulatorCalls';
import { type EmulatorPair, residentBytes } from './emulatorPair';
import type { Measurement } from './measurement';

const BUCKET = 'bench-objects';
const CHUNK = Buffer.alloc(2 ** 20, 'x');
const SAMPLE_MS = 200;
const UPLOADS_AT_ONCE = 32;
const RACES = 200;

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

/** One streamed upload of a given size. */
export async function largeUpload(pair: EmulatorPair, gigabytes: number): Promise<Measurement> {
  await pair.makeBucket(BUCKET);
  const total = gigabytes * 2 ** 30;
  const before = residentBytes(pair.storage);
  let peak = before;
  const sampling = setInterval(() => {
    peak = Math.max(peak, residentBytes(pair.storage));
  }, SAMPLE_MS);
  function* chunks(): Generator<Buffer> {
    for (let sent = 0; sent < total; sent += CHUNK.length) yield CHUNK;
  }
  const begin = performance.now();
  try {
    const { status } = await post(pair, uploadPath('large'), Readable.from(chunks()));
    if (status !== 200) throw new Error(`upload of ${gigabytes} GiB: ${status}`);
  } finally {
    clearInterval(sampling);
  }
  const took = (performance.now() - begin) / 1000;
  await send(`${pair.storageUrl}/storage/v1/b/${BUCKET}/o/large`, 'DELETE');
  return {
    name: `upload of ${gigabytes} GiB, streamed`,
    value: `${took.toFixed(1)} s; memory ${megabytes(before)} before, ${megabytes(peak)} at most`,
    aim: 'flat',
  };
}

/** A listing of many objects in pages of 1,000. */
export async function longListing(pair: EmulatorPair, objects: number): Promise<Measurement[]> {
  const queue = Array.from({ length: objects }, (_object, index) => index).values();
  const agent = new Agent({ keepAlive: true, maxSockets: UPLOADS_AT_ONCE });
  const begin = performance.now();
  const work = async () => {
    for (const index of queue) {
      await post(pair, uploadPath(`list/${String(index).padStart(6, '0')}`), Readable.from([Buffer.from('x')]), agent);
    }
  };
  await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, work));
  const uploaded = performance.now() - begin;
  agent.destroy();
  const times: number[] = [];
  let listed = 0;
  let token: string | undefined;
  do {
    const page = token === undefined ? '' : `&pageToken=${encodeURIComponent(token)}`;
    const pageBegin = performance.now();
    const answer = await send(`${pair.storageUrl}/storage/v1/b/${BUCKET}/o?prefix=list/&maxResults=1000${page}`, 'GET');
    const body = (await answer.json()) as { readonly items?: readonly object[]; readonly nextPageToken?: string };
    times.push(performance.now() - pageBegin);
    listed += body.items?.length ?? 0;
    token = body.nextPageToken;
  } while (token !== undefined);
  if (listed !== objects) throw new Error(`${listed} of ${objects} objects were listed`);
  const part = (from: number, to: number) => {
    const some = times.slice(Math.floor(times.length * from), Math.ceil(times.length * to));
    return `${(some.reduce((sum, time) => sum + time, 0) / some.length).toFixed(1)} ms`;
  };
  return [
    {
      name: `${objects.toLocaleString('en')} uploads of 1 byte`,
      value: `${Math.round(objects / (uploaded / 1000))} per second`,
      aim: '',
    },
    {
      name: 'listing them, per page of 1,000',
      value: `${part(0, 0.1)} in the first tenth, ${part(0.45, 0.55)} in the middle, ${part(0.9, 1)} in the last`,
      aim: 'flat',
    },
  ];
}

/** Races of two writers that create one object with ifGenerationMatch=0. */
export async function racingWriters(pair: EmulatorPair): Promise<Measurement> {
  let wrong = 0;
  for (let race = 0; race < RACES; race++) {
    const path = `${uploadPath(`race/${race}`)}&ifGenerationMatch=0`;
    const answers = await Promise.all(['a', 'b'].map((text) => post(pair, path, Readable.from([Buffer.from(text)]))));
    const statuses = answers.map(({ status }) => status).sort();
    if (statuses.join() !== '200,412') wrong++;
  }
  return {
    name: `${RACES} races of two writers with ifGenerationMatch=0`,
    value: `${RACES - wrong} with exactly one winner`,
    aim: 'all',
  };
}

function uploadPath(name: string): string {
  return `/upload/storage/v1/b/${BUCKET}/o?uploadType=media&name=${encodeURIComponent(name)}`;
}

async function post(pair: EmulatorPair, path: string, body: Readable, agent?: Agent): Promise<{ status: number }> {
  const call = request(`${pair.storageUrl}${path}`, { method: 'POST', agent });
  const answered = new Promise<number>((resolve, reject) => {
    call.once('response', (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
    });
    call.once('error', reject);
  });
  await pipeline(body, call);
  return { status: await answered };
}
