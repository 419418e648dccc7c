import { google } from '@google-cloud/pubsub/build/protos/protos';
import { parseSubscription, type SubscriptionSettings } from '../subscriptionSettings';

const { Subscription } = google.pubsub.v1;

/** Reads a subscription that a gRPC client creates. @throws BrokerError INVALID_ARGUMENT */
export function settingsOf(message: google.pubsub.v1.Subscription): SubscriptionSettings {
  const { name, topic, pushConfig, ackDeadlineSeconds, retryPolicy, labels } = message;
  return parseSubscription(name, {
    topic,
    pushConfig: { pushEndpoint: pushConfig?.pushEndpoint ?? undefined },
    ackDeadlineSeconds,
    retryPolicy: {
      minimumBackoff: secondsText(retryPolicy?.minimumBackoff),
      maximumBackoff: secondsText(retryPolicy?.maximumBackoff),
    },
    ...(Object.keys(labels).length > 0 && { labels }),
  });
}

/** A subscription as gRPC shows it. */
export function subscriptionMessage(settings: SubscriptionSettings): google.pubsub.v1.Subscription {
  const { name, topic, pushEndpoint, ackDeadlineSeconds, minimumBackoffMs, maximumBackoffMs, fields } = settings;
  return Subscription.create({
    name,
    topic,
    pushConfig: { pushEndpoint },
    ackDeadlineSeconds,
    retryPolicy: { minimumBackoff: durationOf(minimumBackoffMs), maximumBackoff: durationOf(maximumBackoffMs) },
    labels: labelsOf(fields),
    state: Subscription.State.ACTIVE,
  });
}

/** Labels among stored settings. */
export function labelsOf({ labels }: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(Object(labels)).map(([key, value]) => [key, String(value)]);
  return Object.fromEntries(entries);
}

/** `1.5s`, as the REST API writes a duration. */
function secondsText(duration: google.protobuf.IDuration | null | undefined): string | undefined {
  if (!duration) return undefined;
  return `${(Number(duration.seconds ?? 0) + (duration.nanos ?? 0) / 1e9).toFixed(9)}s`;
}

/** Seconds and nanoseconds, as gRPC writes a duration. */
export function durationOf(ms: number): { readonly seconds: number; readonly nanos: number } {
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000 };
}
