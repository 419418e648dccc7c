import type { z } from 'zod';
import { errorText } from '../errorText';
import { isObject, type JsonValue } from '../json';
import { allowedBy } from '../schema/allowedBy';
import { type Fitted, fitToSchema, valueAt } from '../schema/fitToSchema';
import { type CamelCased, camelCased } from './camelCased';
import { settings } from './settings';

/** A configuration that cannot be used; the message names the source, the setting, the value found and what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Settings = CamelCased<z.output<typeof settings>>;

/** The settings of bridge and worker, with all defaults. Folder URLs have no final slash; prefixes begin and end with one. */
export interface Config extends Omit<Settings, 'postJobPrefix' | 'outbound'> {
  /** Source of the configuration. */
  readonly url: string;
  /** Paths of the file's settings that have no effect: unknown ones, and those of viant/bqtail that are not needed. */
  readonly withoutEffect: readonly string[];
  readonly triggerBucket: string;
  readonly batchUrl: string;
  readonly activeLoadProcessUrl: string;
  readonly doneLoadProcessUrl: string;
  /** Folder of the process files of failed loads: `${JournalURL}/failed`. */
  readonly failedLoadProcessUrl: string;
  readonly invalidSchemaUrl: string;
  /** Folder of the ledger: `${JournalURL}/Ledger`. */
  readonly ledgerUrl: string;
  readonly loadProcessPrefix: string;
  readonly bqJobPrefix: string;
  readonly batchPrefix: string;
  readonly region: string;
  /** Hosts that calls and webhooks may reach; absent: all at public addresses. */
  readonly outboundHosts?: readonly string[];
  readonly deployment?: Deployment;
}

/** The endpoint for pushed events. */
export type BridgeSettings = Config['bridge'];

/** How push tokens are verified. */
export type PushSettings = NonNullable<BridgeSettings['push']>;

/** A Temporal worker deployment version. */
export type Deployment = NonNullable<Settings['deployment']> & { readonly buildId: string };

/**
 * Reads a configuration in JSON and fills in the defaults.
 *
 * @param text the JSON.
 * @param source where the text comes from, for messages and as `url`.
 * @param env environment variables, for defaults.
 * @throws ConfigError with every problem of the file.
 */
export function parseConfig(text: string, source: string, env: NodeJS.ProcessEnv = process.env): Config {
  const fitted = fitToSchema(settings, readJson(text, source));
  const { postJobPrefix, outbound, ...given } = camelCased(checked(withProject(fitted.value, env), source));
  const { projectId, journalUrl, asyncTaskUrl } = given;
  return {
    ...given,
    url: source,
    withoutEffect: unknownSettings(fitted),
    triggerBucket: given.triggerBucket ?? `${projectId.replaceAll('-', '_')}_bqtail`,
    batchUrl: given.batchUrl ?? asyncTaskUrl,
    activeLoadProcessUrl: given.activeLoadProcessUrl ?? `${journalUrl}/Running`,
    doneLoadProcessUrl: given.doneLoadProcessUrl ?? `${journalUrl}/Done`,
    failedLoadProcessUrl: `${journalUrl}/failed`,
    invalidSchemaUrl: given.invalidSchemaUrl ?? `${journalUrl}/invalid_schema`,
    ledgerUrl: `${journalUrl}/Ledger`,
    loadProcessPrefix: given.loadProcessPrefix ?? '/_load_/',
    bqJobPrefix: given.bqJobPrefix ?? postJobPrefix ?? '/_bqjob_/',
    batchPrefix: given.batchPrefix ?? '/_batch_/',
    region: given.region ?? env['FUNCTION_REGION'] ?? env['GOOGLE_CLOUD_REGION'] ?? 'us-central1',
    outboundHosts: outbound?.hosts,
    deployment: deploymentOf(given.deployment, source, env),
  };
}

/** The deployment of the file, else that of the variables which Temporal's worker controller for Kubernetes sets. */
function deploymentOf(given: Settings['deployment'], source: string, env: NodeJS.ProcessEnv): Deployment | undefined {
  const name = given?.name ?? env['TEMPORAL_DEPLOYMENT_NAME'];
  if (!name) return undefined;
  const buildId = given?.buildId ?? env['TEMPORAL_WORKER_BUILD_ID'];
  if (buildId) return { name, buildId, behavior: given?.behavior ?? 'PINNED' };
  throw new ConfigError(`${source}: Deployment.BuildID: missing, and TEMPORAL_WORKER_BUILD_ID is not set either`);
}

function readJson(text: string, source: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${source}: not JSON: ${errorText(error)}`);
  }
}

function withProject(value: unknown, env: NodeJS.ProcessEnv): unknown {
  const ProjectID = env['GCLOUD_PROJECT'] || env['GOOGLE_CLOUD_PROJECT'] || env['GCP_PROJECT'];
  return ProjectID && isObject(value) ? { ProjectID, ...value } : value;
}

function checked(value: unknown, source: string): z.output<typeof settings> {
  const parsed = settings.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map((issue) => `${source}: ${problem(issue, value)}`).join('\n'));
}

/** @example 'Bridge.Port: found 65536; allowed is at most 65535' */
function problem(issue: z.core.$ZodIssue, value: unknown): string {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  const name = path.join('.') || 'the configuration';
  const found = valueAt(value, path);
  if (found !== undefined) return `${name}: found ${JSON.stringify(found)}; allowed is ${allowedBy(issue)}`;
  if (name !== 'ProjectID') return `${name}: missing`;
  return `${name}: missing, and the environment names no project by GCLOUD_PROJECT or GOOGLE_CLOUD_PROJECT either`;
}

/** Paths of unknown settings as the file spells them, e.g. `Bridge.Hots`. */
function unknownSettings({ remarks, ownPath }: Fitted): string[] {
  return remarks.flatMap(({ code, path }) => (code === 'KeyUnknown' ? [ownPath(path).join('.')] : []));
}
