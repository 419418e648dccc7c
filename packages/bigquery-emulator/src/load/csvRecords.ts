import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { LoadConfiguration } from '../resources';
import { inUtf8 } from './encodings';

/** Options of a load job for CSV files, with the service's defaults. */
export interface CsvOptions {
  readonly delimiter: string;
  /** Null: nothing is quoted. */
  readonly quote: string | null;
  /** Number of leading rows to skip. */
  readonly skip: number;
  readonly quotedNewlines: boolean;
  readonly jaggedRows: boolean;
  readonly ignoreUnknownValues: boolean;
  readonly nullMarkers: readonly string[] | undefined;
  readonly encoding: string;
  readonly keepsControls: boolean;
  /** Whether columns are matched by the names in the last skipped row, not by their order. */
  readonly byName: boolean;
}

const DELIMITERS: Record<string, string> = { tab: '\t', '\\t': '\t' };

/** The CSV options of a load job. */
export function csvOptions(load: LoadConfiguration): CsvOptions {
  const delimiter = load.fieldDelimiter || ',';
  const markers = load.nullMarkers ?? (load.nullMarker === undefined ? undefined : [load.nullMarker]);
  return {
    delimiter: DELIMITERS[delimiter] ?? delimiter,
    quote: load.quote === undefined ? '"' : load.quote || null,
    skip: Number(load.skipLeadingRows ?? 0),
    quotedNewlines: load.allowQuotedNewlines ?? false,
    jaggedRows: load.allowJaggedRows ?? false,
    ignoreUnknownValues: load.ignoreUnknownValues ?? false,
    nullMarkers: markers,
    encoding: load.encoding || 'UTF-8',
    keepsControls: load.preserveAsciiControlCharacters ?? false,
    byName: load.sourceColumnMatch === 'NAME',
  };
}

/** One record of a CSV file. */
export interface CsvRecord {
  readonly values: string[];
  /** Which values were quoted. */
  readonly quoted: boolean[];
  /** Position of its first byte in the file. */
  readonly start: number;
  /** Why the record is malformed, in the service's words. */
  readonly problem?: string;
}

/** Splits a CSV stream into records. Empty lines are no records. */
export async function* csvRecords(stream: Readable, options: CsvOptions): AsyncGenerator<CsvRecord> {
  const splitter = new CsvSplitter(options);
  const decoder = new StringDecoder('utf8');
  for await (const chunk of inUtf8(stream, options.encoding)) yield* splitter.split(decoder.write(chunk), false);
  yield* splitter.split(decoder.end(), true);
}

/** A record as it is in the text, and where it ends. */
interface Split {
  readonly values: string[];
  readonly quoted: boolean[];
  /** Place after its line end. */
  readonly end: number;
  readonly problem?: string;
}

const UNCLOSED = 'Missing close double quote (") character.';
const AFTER_QUOTE = 'Data between close double quote (") and field separator.';

/**
 * Finds records in the parts of a text. A line ends with LF, CR or CRLF, in one file also in several of these ways. A quote
 * only has its meaning at the start of a value. Without quoted newlines, a line end also ends a quoted value, so that only
 * that record is malformed.
 */
class CsvSplitter {
  private readonly fieldEnd: RegExp;
  private readonly lineEnd = /[\r\n]/g;
  private rest = '';
  private start = 0;
  private first = true;
  /** Length of `rest` from which the next attempt is made, so that a long record is not scanned with every part. */
  private enough = 0;

  constructor(private readonly options: CsvOptions) {
    const delimiter = options.delimiter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    this.fieldEnd = new RegExp(`${delimiter}|[\\r\\n]`, 'g');
  }

  /** @param last whether the text ends with this part. */
  *split(part: string, last: boolean): Generator<CsvRecord> {
    this.rest += part;
    if (this.first && this.rest !== '') {
      this.first = false;
      if (this.rest.startsWith('\ufeff')) {
        this.rest = this.rest.slice(1);
        this.start = 3;
      }
    }
    if (!last && this.rest.length < this.enough) return;
    let from = 0;
    while (from < this.rest.length) {
      const record = this.record(from, last);
      if (!record) break;
      const { values, quoted, problem, end } = record;
      const empty = values.length === 1 && values[0] === '' && !quoted[0] && problem === undefined;
      if (!empty) yield { values, quoted, problem, start: this.start };
      this.start += Buffer.byteLength(this.rest.slice(from, end));
      from = end;
    }
    this.rest = this.rest.slice(from);
    this.enough = this.rest.length * 2;
  }

  /** The record from a place; undefined when it may go on in the next part. */
  private record(from: number, last: boolean): Split | undefined {
    const values: string[] = [];
    const quoted: boolean[] = [];
    const { quote } = this.options;
    let place = from;
    for (;;) {
      const isQuoted = quote !== null && this.rest.startsWith(quote, place);
      let value: string | undefined;
      if (isQuoted) {
        const closed = this.quotedValue(place, quote);
        if (closed === undefined) {
          if (!last) return undefined;
          return { values, quoted, end: this.rest.length, problem: UNCLOSED };
        }
        if (closed.brokenAt !== undefined) return this.malformed(values, quoted, closed.brokenAt, UNCLOSED, last);
        value = closed.value;
        place = closed.end;
      }
      const end = this.next(this.fieldEnd, place);
      if (end === undefined && !last) return undefined;
      const stop = end ?? this.rest.length;
      if (isQuoted && stop > place) return this.malformed(values, quoted, place, AFTER_QUOTE, last);
      values.push(value ?? this.rest.slice(place, stop));
      quoted.push(isQuoted);
      const character = this.rest[stop];
      if (character === undefined) return { values, quoted, end: stop };
      if (character === '\n' || character === '\r') {
        const after = this.afterLineEnd(stop, last);
        return after === undefined ? undefined : { values, quoted, end: after };
      }
      place = stop + this.options.delimiter.length;
    }
  }

  /** A quoted value, and the place after its closing quote; undefined without a closing quote. */
  private quotedValue(from: number, quote: string): { value: string; end: number; brokenAt?: number } | undefined {
    let close = from;
    for (;;) {
      close = this.rest.indexOf(quote, close + 1);
      if (!this.options.quotedNewlines) {
        const broken = this.next(this.lineEnd, from);
        if (broken !== undefined && (close < 0 || broken < close)) return { value: '', end: broken, brokenAt: broken };
      }
      if (close < 0) return undefined;
      if (this.rest[close + 1] !== quote) break;
      close++;
    }
    const value = this.rest.slice(from + 1, close).replaceAll(quote + quote, quote);
    return { value, end: close + 1 };
  }

  /** The record with its problem, up to the end of the line; undefined when the line may go on in the next part. */
  private malformed(
    values: string[],
    quoted: boolean[],
    from: number,
    problem: string,
    last: boolean,
  ): Split | undefined {
    const line = this.next(this.lineEnd, from);
    if (line === undefined) return last ? { values, quoted, end: this.rest.length, problem } : undefined;
    const end = this.afterLineEnd(line, last);
    return end === undefined ? undefined : { values, quoted, end, problem };
  }

  /** The place after a line end; undefined when a CR may be the first half of CRLF. */
  private afterLineEnd(at: number, last: boolean): number | undefined {
    if (this.rest[at] === '\n') return at + 1;
    if (at + 1 >= this.rest.length) return last ? at + 1 : undefined;
    return this.rest[at + 1] === '\n' ? at + 2 : at + 1;
  }

  private next(pattern: RegExp, from: number): number | undefined {
    pattern.lastIndex = from;
    return pattern.exec(this.rest)?.index;
  }
}
