import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Storage } from '@google-cloud/storage';
import type { Logger } from 'pino';
import { type Config, ConfigError, parseConfig } from '../config/config';
import { errorText } from '../errorText';
import { CloudStorage } from '../objects/cloudStorage';

/**
 * The configuration named by `--config`, else by the environment variable CONFIG, which holds the JSON itself or its URL
 * (spec 1, section 1.1).
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

/** Tells of settings that have no effect, as a misspelt one would have none. */
export function reportConfig(config: Config, log: Pick<Logger, 'warn'>): void {
  for (const name of config.withoutEffect)
    log.warn(`${config.url}: ${name}: there is no such setting; it has no effect`);
}

async function readText(url: string): Promise<string> {
  try {
    if (url.startsWith('gs://')) {
      const text = await new CloudStorage(new Storage()).read(url);
      if (text === undefined) throw new Error('there is no such object');
      return text;
    }
    return await readFile(url.startsWith('file://') ? fileURLToPath(url) : url, 'utf8');
  } catch (error) {
    throw new ConfigError(`${url}: cannot be read: ${errorText(error)}`);
  }
}
