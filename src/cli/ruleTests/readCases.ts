import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText } from '../../errorText';
import { CommandError } from '../commandError';
import { isCaseFolder, readCaseFolder } from './caseFolder';
import { checked, type TestCase, testCase } from './testCase';

const CASE_FILE = 'case.json';

/**
 * Reads all cases in and below the folders. A case is a folder with `case.json`, or in the format of docs/testing-rules.md.
 *
 * @throws CommandError when a case cannot be read, or there is none.
 */
export async function readCases(folders: readonly string[]): Promise<readonly TestCase[]> {
  const cases = (await Promise.all(folders.map(casesBelow))).flat();
  if (cases.length === 0)
    throw new CommandError(`${folders.join(', ')}: no case found`, 'see docs/testing-rules.md for the files of a case');
  return cases;
}

async function casesBelow(folder: string): Promise<readonly TestCase[]> {
  const entries = await listed(folder);
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  if (files.includes(CASE_FILE)) return [await readCaseFile(join(folder, CASE_FILE))];
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (isCaseFolder(files, folders)) return [await readCaseFolder(folder)];
  const inner = folders.filter((name) => !name.startsWith('.') && name !== 'node_modules').sort();
  return (await Promise.all(inner.map((name) => casesBelow(join(folder, name))))).flat();
}

async function listed(folder: string) {
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error('not a folder');
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw new CommandError(`${folder}: cannot be read: ${errorText(error)}`);
  }
}

async function readCaseFile(file: string): Promise<TestCase> {
  let data: unknown;
  try {
    data = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new CommandError(`${file}: not JSON: ${errorText(error)}`);
  }
  return checked(testCase, data, file);
}
