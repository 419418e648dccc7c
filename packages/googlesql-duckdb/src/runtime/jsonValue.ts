/** A parsed JSON value; numbers stay text. */
export type Json = null | boolean | string | JsonNumber | Json[] | Map<string, Json>;

/** A number as it is written. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
