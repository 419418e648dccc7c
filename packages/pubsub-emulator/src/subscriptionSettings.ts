import { z } from 'zod';
import { checked } from './checked';

/** Default backoff of push subscriptions. It is shorter than the service's, because a developer waits for the result. */
const MINIMUM_BACKOFF_MS = 100;
const MAXIMUM_BACKOFF_MS = 10_000;
const ACK_DEADLINE_SECONDS = 10;

/** Settings of a subscription. */
export interface SubscriptionSettings {
  /** `projects/<project>/subscriptions/<name>` */
  readonly name: string;
  /** `projects/<project>/topics/<name>`, or `_deleted-topic_` */
  readonly topic: string;
  /** Undefined for a pull subscription. */
  readonly pushEndpoint?: string | undefined;
  /** How long a subscriber may take to acknowledge a message before it is delivered again. */
  readonly ackDeadlineSeconds: number;
  /** Wait after the first failed push of a message; doubles with each failure. */
  readonly minimumBackoffMs: number;
  readonly maximumBackoffMs: number;
  /** Settings that are stored and shown. They have no effect here. */
  readonly fields: Readonly<Record<string, unknown>>;
}

const duration = z
  .string()
  .regex(/^\d+(\.\d+)?s$/, 'expected seconds such as "0.5s"')
  .transform((text) => Math.round(Number.parseFloat(text) * 1000));

const pushConfigSchema = z.looseObject({ pushEndpoint: z.union([z.url(), z.literal('')]).optional() }).default({});

const subscriptionSchema = z.looseObject({
  topic: z.string(),
  pushConfig: pushConfigSchema,
  ackDeadlineSeconds: z.int().min(0).max(600).default(ACK_DEADLINE_SECONDS),
  retryPolicy: z
    .object({
      minimumBackoff: duration.default(MINIMUM_BACKOFF_MS),
      maximumBackoff: duration.default(MAXIMUM_BACKOFF_MS),
    })
    .default({ minimumBackoff: MINIMUM_BACKOFF_MS, maximumBackoff: MAXIMUM_BACKOFF_MS }),
});

/**
 * Reads a subscription resource of the REST API.
 *
 * @throws BrokerError INVALID_ARGUMENT
 */
export function parseSubscription(name: string, body: unknown): SubscriptionSettings {
  const { topic, pushConfig, ackDeadlineSeconds, retryPolicy, ...fields } = checked(subscriptionSchema, body);
  return {
    name,
    topic,
    pushEndpoint: pushConfig.pushEndpoint || undefined,
    ackDeadlineSeconds: ackDeadlineSeconds || ACK_DEADLINE_SECONDS,
    minimumBackoffMs: retryPolicy.minimumBackoff,
    maximumBackoffMs: retryPolicy.maximumBackoff,
    fields,
  };
}

/**
 * Reads the endpoint of a push configuration.
 *
 * @returns undefined for an empty configuration, which makes a pull subscription.
 * @throws BrokerError INVALID_ARGUMENT
 */
export function parsePushEndpoint(pushConfig: unknown): string | undefined {
  return checked(pushConfigSchema, pushConfig).pushEndpoint || undefined;
}

/** A subscription as the REST API shows it. */
export function subscriptionResource(settings: SubscriptionSettings): Record<string, unknown> {
  const { name, topic, pushEndpoint, ackDeadlineSeconds, minimumBackoffMs, maximumBackoffMs, fields } = settings;
  return {
    ...fields,
    name,
    topic,
    pushConfig: { pushEndpoint },
    ackDeadlineSeconds,
    retryPolicy: { minimumBackoff: `${minimumBackoffMs / 1000}s`, maximumBackoff: `${maximumBackoffMs / 1000}s` },
    state: 'ACTIVE',
  };
}
