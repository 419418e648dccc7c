import { z } from 'zod';
import type { SubscriptionRecord } from '../store/records';
import { invalidArgument } from './errors';

/** How soon a message that was not acknowledged comes again: sooner than from the service, since here a person waits. */
const MINIMUM_BACKOFF_MS = 100;
const MAXIMUM_BACKOFF_MS = 10_000;
const ACK_DEADLINE_SECONDS = 10;

const duration = z
  .string()
  .regex(/^\d+(\.\d+)?s$/, 'expected seconds such as "0.5s"')
  .transform((text) => Math.round(Number.parseFloat(text) * 1000));

const pushConfigSchema = z.looseObject({ pushEndpoint: z.union([z.url(), z.literal('')]).optional() }).default({});

const subscriptionSchema = z.looseObject({
  topic: z.string().regex(/^projects\/[^/]+\/topics\/[^/]+$/),
  pushConfig: pushConfigSchema,
  ackDeadlineSeconds: z.int().min(0).max(600).default(ACK_DEADLINE_SECONDS),
  retryPolicy: z
    .object({
      minimumBackoff: duration.default(MINIMUM_BACKOFF_MS),
      maximumBackoff: duration.default(MAXIMUM_BACKOFF_MS),
    })
    .default({ minimumBackoff: MINIMUM_BACKOFF_MS, maximumBackoff: MAXIMUM_BACKOFF_MS }),
});

const pullSchema = z.object({ maxMessages: z.int().min(1), returnImmediately: z.boolean().default(false) });

const acknowledgeSchema = z.object({
  ackIds: z.array(z.string().regex(/^\d+$/).transform(Number)),
  ackDeadlineSeconds: z.int().min(0).max(600).default(0),
});

/** Reads a subscription resource. */
export function parseSubscription(name: string, body: unknown): SubscriptionRecord {
  const { topic, pushConfig, ackDeadlineSeconds, retryPolicy, ...fields } = checked(subscriptionSchema, body);
  return {
    name,
    topic,
    ...parsePushConfig(pushConfig),
    ackDeadlineSeconds: ackDeadlineSeconds === 0 ? ACK_DEADLINE_SECONDS : ackDeadlineSeconds,
    minimumBackoffMs: retryPolicy.minimumBackoff,
    maximumBackoffMs: retryPolicy.maximumBackoff,
    fields,
  };
}

/** The endpoint of a push configuration; an empty configuration stands for pull. */
export function parsePushConfig(value: unknown): Pick<SubscriptionRecord, 'pushEndpoint'> {
  const { pushEndpoint } = checked(pushConfigSchema, value);
  return pushEndpoint === undefined || pushEndpoint === '' ? { pushEndpoint: undefined } : { pushEndpoint };
}

export function parsePull(body: unknown): z.infer<typeof pullSchema> {
  return checked(pullSchema, body);
}

export function parseAcknowledge(body: unknown): z.infer<typeof acknowledgeSchema> {
  return checked(acknowledgeSchema, body);
}

/** A subscription as the API shows it. */
export function subscriptionResource(subscription: SubscriptionRecord): Record<string, unknown> {
  const { name, topic, pushEndpoint, ackDeadlineSeconds, minimumBackoffMs, maximumBackoffMs, fields } = subscription;
  return {
    ...fields,
    name,
    topic,
    pushConfig: pushEndpoint === undefined ? {} : { pushEndpoint },
    ackDeadlineSeconds,
    retryPolicy: { minimumBackoff: `${minimumBackoffMs / 1000}s`, maximumBackoff: `${maximumBackoffMs / 1000}s` },
    state: 'ACTIVE',
  };
}

function checked<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidArgument(z.prettifyError(parsed.error));
}
