/** A message as subscribers receive it. */
export interface Message {
  /** Decimal digits; later messages have larger numbers. */
  readonly messageId: string;
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  /** Empty when the message has none. */
  readonly orderingKey: string;
  readonly publishTime: Date;
}

/** A message as publishers send it. */
export type NewMessage = Pick<Message, 'data' | 'attributes' | 'orderingKey'>;

/** A message and its topic, `projects/<project>/topics/<name>`. */
export interface PublishedMessage extends Message {
  readonly topic: string;
}

/** A topic. */
export interface Topic {
  /** `projects/<project>/topics/<name>` */
  readonly name: string;
  /** Settings that are stored and shown, such as labels. They have no effect here. */
  readonly fields: Readonly<Record<string, unknown>>;
}
