import { type Json, JsonNumber } from './jsonValue';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const DEEPEST = 500;

/** Parses JSON. Numbers keep their text. */
class JsonReader {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): Json {
    const value = this.value(0);
    this.skip();
    if (this.at < this.text.length) this.fail();
    return value;
  }

  private fail(): never {
    throw new SyntaxError(`not JSON at ${this.at}`);
  }

  private skip(): void {
    while (' \t\n\r'.includes(this.text[this.at] ?? 'x')) this.at += 1;
  }

  /** Reads a symbol or word if it is next. */
  private take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text)?.[0] ?? this.fail();
    this.at += match.length;
    return match;
  }

  private value(depth: number): Json {
    if (depth > DEEPEST) this.fail();
    this.skip();
    if (this.take('{')) return this.object(depth);
    if (this.take('[')) return this.array(depth);
    if (this.take('true')) return true;
    if (this.take('false')) return false;
    if (this.take('null')) return null;
    if (this.text[this.at] === '"') return this.string();
    return new JsonNumber(this.match(NUMBER));
  }

  private string(): string {
    return JSON.parse(this.match(STRING)) as string;
  }

  private array(depth: number): Json {
    const items: Json[] = [];
    this.skip();
    if (this.take(']')) return items;
    do {
      items.push(this.value(depth + 1));
      this.skip();
    } while (this.take(','));
    return this.take(']') ? items : this.fail();
  }

  /** Reads an object. Of equal keys, the first is used. */
  private object(depth: number): Json {
    const members = new Map<string, Json>();
    this.skip();
    if (this.take('}')) return members;
    do {
      this.skip();
      const key = this.string();
      this.skip();
      if (!this.take(':')) this.fail();
      const value = this.value(depth + 1);
      if (!members.has(key)) members.set(key, value);
      this.skip();
    } while (this.take(','));
    return this.take('}') ? members : this.fail();
  }
}

/** Parses JSON; undefined for an invalid text. The value is wrapped, because it may be null. */
export function parseJson(text: string): { value: Json } | undefined {
  try {
    return { value: new JsonReader(text).document() };
  } catch {
    return undefined;
  }
}
