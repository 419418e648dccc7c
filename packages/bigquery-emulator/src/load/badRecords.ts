import { BigQueryError } from '../errors';
import type { ErrorProto } from '../resources';

/** A row that cannot be stored. */
export interface BadRecord {
  readonly uri: string;
  /** Number of rows of the file that were read, including this one. */
  readonly rows: number;
  /** The problem and its position, e.g. `JSON parsing error in row starting at position 0: No such field: x.` */
  readonly message: string;
}

/** The service's terms for one source format. */
export interface FormatWords {
  /** `JSON table`, as in 'JSON table encountered too many errors'. */
  readonly table: string;
  /** `JSON`, as in 'JSON processing encountered too many errors'. */
  readonly processing: string;
}

const READING = 'Error while reading data, error message:';

/** Counts the bad rows of a job, and ends it when there are more than `max`. */
export class BadRecords {
  private readonly kept: BadRecord[] = [];
  private total = 0;

  constructor(
    private readonly words: FormatWords,
    readonly max: number,
  ) {}

  get count(): number {
    return this.total;
  }

  /** @throws BigQueryError as the service answers it, when this is one bad row too many. */
  add(record: BadRecord): void {
    this.total++;
    if (this.kept.length < 100) this.kept.push(record);
    if (this.total > this.max) throw this.failure(record);
  }

  /** The `errors[]` of a job that succeeded without its bad rows. */
  warnings(): ErrorProto[] {
    return this.kept.map(detail);
  }

  private failure(last: BadRecord): BigQueryError {
    const { table, processing } = this.words;
    const counts = `Rows: ${last.rows}; errors: ${this.total}`;
    const message = `${READING} ${table} encountered too many errors, giving up. ${counts}. Please look into the errors[] collection for more details. File: ${last.uri}`;
    const summary = {
      reason: 'invalid',
      message: `${READING} ${processing} processing encountered too many errors, giving up. ${counts}; max bad: ${this.max}; error percent: 0`,
    };
    return new BigQueryError(400, 'invalid', message, last.uri, [summary, ...this.kept.slice(-1).map(detail)]);
  }
}

function detail(record: BadRecord): ErrorProto {
  return { reason: 'invalid', location: record.uri, message: `${READING} ${record.message} File: ${record.uri}` };
}

/** The error of a file that cannot be read at all, however many bad rows are allowed. */
export function unreadable(uri: string, message: string): BigQueryError {
  return new BigQueryError(400, 'invalid', `${READING} ${message} File: ${uri}`, uri);
}
