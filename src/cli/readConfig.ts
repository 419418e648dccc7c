import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Storage } from '@google-cloud/storage';
import type { Logger } from 'pino';
import { type Config, ConfigError, parseConfig } from '../config/config';
import { settingPaths } from '../config/settings';
import { errorText } from '../errorText';
import { CloudStorage } from '../objects/cloudStorage';
import { nearest } from '../schema/didYouMean';

/**
 * Reads the configuration that `--config` names, else the one in the environment variable CONFIG: JSON or its URL.
 *
 * @throws ConfigError when there is none, or it cannot be used.
 */
export async function readConfig(option: string | undefined, env: NodeJS.ProcessEnv = process.env): Promise<Config> {
  const given = option ?? env['CONFIG'];
  if (!given)
    throw new ConfigError('no configuration: give --config FILE or URL, or set CONFIG to the JSON or its URL');
  if (option === undefined && given.trimStart().startsWith('{')) return parseConfig(given, 'CONFIG', env);
  return parseConfig(await readText(given), given, env);
}

/** Logs the settings that have no effect, because one of them may be misspelt. */
export function reportConfig({ url, withoutEffect }: Config, log: Pick<Logger, 'warn'>): void {
  for (const name of withoutEffect) {
    const meant = nearest(name, settingPaths());
    log.warn(`${url}: ${name}: unknown setting, ignored${meant === undefined ? '' : `; did you mean ${meant}?`}`);
  }
}

async function readText(url: string): Promise<string> {
  try {
    if (url.startsWith('gs://')) {
      const text = await new CloudStorage(new Storage()).read(url);
      if (text === undefined) throw new Error('no such object');
      return text;
    }
    return await readFile(url.startsWith('file://') ? fileURLToPath(url) : url, 'utf8');
  } catch (error) {
    throw new ConfigError(`${url}: cannot be read: ${errorText(error)}`);
  }
}
