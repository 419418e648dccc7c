/** A message as subscribers get it. */
export interface Message {
  readonly messageId: string;
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  /** Empty without one. */
  readonly orderingKey: string;
  readonly publishTime: Date;
}

/** A message as publishers send it. */
export type NewMessage = Pick<Message, 'data' | 'attributes' | 'orderingKey'>;

/** A message with its topic, `projects/<project>/topics/<name>`. */
export interface PublishedMessage extends Message {
  readonly topic: string;
}

/** What a subscription is made with. */
export interface SubscriptionSettings {
  readonly name: string;
  readonly topic: string;
  /** How long a message is leased before it comes again. */
  readonly ackDeadlineSeconds: number;
}
