import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Storage } from '@google-cloud/storage';
import { errorText } from '../../errorText';
import { CloudStorage } from '../../objects/cloudStorage';
import { LocalFolder } from '../../objects/localFolder';
import { isRuleFile, parseRuleFile } from '../../rules/parseRuleFile';
import { type Resources, resourceUrls } from '../../rules/resources';
import { CommandError } from '../commandError';

/** One retry only, because a user waits for the answer. */
const ONE_RETRY = { retryOptions: { maxRetries: 1 } };

/** A rule file and its text. */
export interface RuleFile {
  /** The given source, or a file below it. */
  readonly url: string;
  readonly text: string;
}

/** The files of some sources. */
export interface RuleSources {
  readonly files: readonly RuleFile[];
  /** URLs of other files in the given folders. */
  readonly others: readonly string[];
}

/**
 * Reads rule files. A source is a file, a folder (with all `.json` and `.yaml` files below it), or a `gs://` URL of either.
 *
 * @throws CommandError when a source cannot be read or contains no rule file.
 */
export async function readRuleFiles(sources: readonly string[]): Promise<readonly RuleFile[]> {
  return (await readRuleSources(sources)).files;
}

/** Like `readRuleFiles`, with the other files of the folders. @throws CommandError */
export async function readRuleSources(sources: readonly string[]): Promise<RuleSources> {
  const contents = await Promise.all(sources.map(filesOf));
  const files = contents.flatMap((source) => source.files);
  const others = contents.flatMap((source) => source.others);
  return { files: [...new Map(files.map((file) => [file.url, file])).values()], others: [...new Set(others)].sort() };
}

async function filesOf(source: string): Promise<RuleSources> {
  const remote = source.startsWith('gs://');
  const content = await readingFrom(source, () => (remote ? inStorage(source) : onThisMachine(source)));
  if (content.files.length > 0) return content;
  throw new CommandError(`${source}: contains no rule file`, 'rule files end with .json or .yaml');
}

async function inStorage(source: string): Promise<RuleSources> {
  const storage = new CloudStorage(new Storage(ONE_RETRY));
  const text = source.endsWith('/') ? undefined : await storage.read(source);
  if (text !== undefined) return { files: [{ url: source, text }], others: [] };
  return readAll(await storage.list(source, { recursive: true }), storage);
}

async function onThisMachine(source: string): Promise<RuleSources> {
  const folder = new LocalFolder();
  const stats = await stat(source.startsWith('file://') ? fileURLToPath(source) : source);
  if (stats.isDirectory()) return readAll(await folder.list(source), folder);
  const text = await folder.read(source);
  return { files: text === undefined ? [] : [{ url: source, text }], others: [] };
}

async function readAll(
  listed: readonly { readonly url: string }[],
  from: { read(url: string): Promise<string | undefined> },
): Promise<RuleSources> {
  const urls = listed
    .map(({ url }) => url)
    .filter(isRuleFile)
    .sort();
  const read = await Promise.all(urls.map(async (url) => ({ url, text: await from.read(url) })));
  const others = listed.map(({ url }) => url).filter((url) => !isRuleFile(url));
  return { files: read.flatMap(({ url, text }) => (text === undefined ? [] : [{ url, text }])), others };
}

async function readingFrom<T>(source: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const reason = errorText(error);
    const hint = source.startsWith('gs://')
      ? 'gs:// URLs need credentials: run `gcloud auth application-default login`, or set STORAGE_EMULATOR_HOST'
      : undefined;
    throw new CommandError(`${source}: cannot be read: ${reason}`, hint);
  }
}

/**
 * Reads the texts that rules name by SQLURL and BodyURL. Texts in Cloud Storage are read only when a rule file is there too, so
 * that local rules need no credentials.
 *
 * @returns the texts, and the URLs that were not read.
 */
export async function readNamedTexts(
  files: readonly RuleFile[],
): Promise<{ readonly texts: Resources; readonly unread: readonly string[] }> {
  const urls = [...new Set(files.flatMap(({ url, text }) => resourceUrls(parseRuleFile(url, text).rules)))];
  const cloud = files.some(({ url }) => url.startsWith('gs://'));
  const unread = urls.filter((url) => url.startsWith('gs://') && !cloud);
  const storage = new CloudStorage(new Storage(ONE_RETRY));
  const read = await Promise.all(
    urls
      .filter((url) => !unread.includes(url))
      .map(async (url) => {
        const source = url.startsWith('gs://') ? storage : new LocalFolder();
        return [url, await source.read(url).catch(() => undefined)] as const;
      }),
  );
  return { texts: new Map(read.flatMap(([url, text]) => (text === undefined ? [] : [[url, text]]))), unread };
}
