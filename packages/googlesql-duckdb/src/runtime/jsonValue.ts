/** A parsed JSON value. Numbers keep their text. */
export type Json = null | boolean | string | JsonNumber | Json[] | Map<string, Json>;

/** A JSON number by its text. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
