import type { Readable } from 'node:stream';
import type { BadRecords } from './badRecords';
import { rowProblem } from './fileError';
import { NumberText, parseJson } from './jsonText';
import type { RecordCoercion } from './records';
import { RowError } from './rowError';
import type { RowSink } from './rowSink';

const NEWLINE = 0x0a;
const LONGEST_ROW = 100 * 1024 * 1024;

/** Lines, and the position of their first byte in the file. */
interface Lines {
  readonly start: number;
  readonly texts: string[];
}

/** Splits a stream into whole lines, chunk by chunk, so that a large file is never in memory as a whole. */
export async function* linesOf(stream: Readable): AsyncGenerator<Lines> {
  let rest: Buffer[] = [];
  let start = 0;
  let size = 0;
  for await (const chunk of stream) {
    const data: Buffer = chunk;
    const end = data.lastIndexOf(NEWLINE);
    if (end < 0) {
      rest.push(data);
      size += data.length;
      if (size > LONGEST_ROW) throw new RowError('Row size is larger than: 104857600.');
      continue;
    }
    const whole = Buffer.concat([...rest, data.subarray(0, end)]);
    yield { start, texts: whole.toString('utf8').split('\n') };
    start += whole.length + 1;
    rest = [data.subarray(end + 1)];
    size = data.length - end - 1;
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield { start, texts: last.toString('utf8').split('\n') };
}

/** Reads newline-delimited JSON into `sink`; rows that do not match the schema go to `bad`. */
export async function readJsonRows(
  stream: Readable,
  uri: string,
  coercion: RecordCoercion,
  sink: RowSink,
  bad: BadRecords,
): Promise<void> {
  let rows = 0;
  try {
    for await (const { start, texts } of linesOf(stream)) {
      let position = start;
      for (const text of texts) {
        if (isBlank(text)) {
          position += Buffer.byteLength(text) + 1;
          continue;
        }
        rows++;
        try {
          sink.add(coercion.row(parsedRow(text)));
        } catch (error) {
          const problem = rowProblem(error);
          bad.add({ uri, rows, message: `JSON parsing error in row starting at position ${position}: ${problem}` });
        }
        position += Buffer.byteLength(text) + 1;
      }
      await sink.drained();
    }
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    bad.add({ uri, rows: rows + 1, message: `JSON parsing error in row starting at position 0: ${error.message}` });
  }
}

function isBlank(text: string): boolean {
  return text === '' || text === '\r' || text.trim() === '';
}

function parsedRow(text: string): object {
  let value: unknown;
  try {
    value = parseJson(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    throw new RowError(syntaxProblem(text));
  }
  if (Array.isArray(value)) throw new RowError('Start of array encountered without start of object.');
  if (typeof value !== 'object' || value === null || value instanceof NumberText) {
    throw new RowError('Value encountered without start of object.');
  }
  return value;
}

/** The service's message for malformed JSON. The messages of JSON.parse differ, and change with the version of Node. */
function syntaxProblem(text: string): string {
  const quotes = text.replace(/\\./g, '').split('"').length - 1;
  if (quotes % 2 === 1) return 'Closing quote expected in string';
  if (!text.trimStart().startsWith('{')) return 'Unexpected token';
  return 'Parser terminated before end of string';
}
