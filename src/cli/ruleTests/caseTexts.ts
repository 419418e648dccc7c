import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { parse } from 'yaml';
import { errorText } from '../../errorText';
import { CommandError } from '../commandError';

/** Paths of all files below a folder, relative to it, with `/`, in order. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/** Reads a text file. @throws CommandError when the file cannot be read. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(`${file}: cannot be read: ${errorText(error)}`);
  }
}

/** Reads a YAML file. @throws CommandError when the file cannot be read or is not YAML. */
export async function readYaml(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return parse(text);
  } catch (error) {
    throw new CommandError(`${file}: not YAML: ${errorText(error)}`);
  }
}
