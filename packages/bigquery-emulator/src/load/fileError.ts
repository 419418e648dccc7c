import { BigQueryError } from '../errors';
import { errorCode, errorText } from '../unknownError';
import { unreadable } from './badRecords';
import { RowError } from './rowError';

/**
 * Whether an error is a fault of the emulator or of its machine, not of the file that it reads: it cannot write its own
 * files, or DuckDB has no memory, no disk or a defect.
 */
export function isOwnFault(error: unknown): boolean {
  const code = errorCode(error);
  if (typeof code === 'string' && /^E(?!RR_)/.test(code)) return true;
  return /^(?:INTERNAL|FATAL|IO|Out of Memory|Connection|Catalog|TransactionContext|Interrupt|INTERRUPT) Error/.test(
    errorText(error),
  );
}

/**
 * The problem of one row, whatever error showed it.
 *
 * @throws the error itself when it is not about the row.
 */
export function rowProblem(error: unknown): string {
  if (error instanceof RowError) return error.message;
  if (error instanceof BigQueryError || isOwnFault(error)) throw error;
  return `The row cannot be read: ${reasonOf(error)}`;
}

/** The error of a file that showed an error while it was read or its rows were written. */
export function fileError(error: unknown, uri: string): unknown {
  if (error instanceof BigQueryError || isOwnFault(error)) return error;
  const code = errorCode(error);
  if (typeof code === 'string' && code.startsWith('Z_')) {
    return unreadable(uri, 'Compressed CSV/JSON files cannot be decompressed: corrupted gzip data.');
  }
  return unreadable(uri, reasonOf(error));
}

/** The message of an error in one line. After an empty line, DuckDB quotes its own statement. */
export function reasonOf(error: unknown): string {
  const [reason = ''] = errorText(error).split(/\n\n|\nLINE /);
  return reason.replaceAll(/\s*\n\s*/g, ' ').replace(/^Invalid Input Error: /, '');
}
