import { z } from 'zod';
import { errorText } from '../errorText';
import { isObject } from '../json';

/** A configuration that cannot be used; the message names the source, the field, what was found and what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Settings of bridge and worker. The original's names, in any case (spec 1, section 1.2); those that are ours are marked.
 * Durations carry their unit in the name. Folder URLs have no final slash.
 */
export interface Config {
  /** Where the configuration was read from. */
  readonly url: string;
  /** Settings in the file that have no effect: unknown ones, and those of the original that nothing here needs. */
  readonly withoutEffect: readonly string[];
  /** Project of jobs, and of tables that name none. */
  readonly projectId: string;
  /** Bucket whose events drive the loads, and which receives the `_batch_` and `_bqjob_` files. */
  readonly triggerBucket: string;
  /** Folder scanned recursively for rules; `gs://`, `file://` or a path. */
  readonly rulesUrl: string;
  /** Least time between two scans of the rules, milliseconds. */
  readonly checkInMs: number;
  /** Folder of job files of running jobs. */
  readonly asyncTaskUrl: string;
  /** Folder of `.win` files. */
  readonly batchUrl: string;
  /** Where both lie instead for rules that are not Async, when set. */
  readonly syncTaskUrl?: string;
  readonly journalUrl: string;
  readonly activeLoadProcessUrl: string;
  readonly doneLoadProcessUrl: string;
  readonly failedLoadProcessUrl: string;
  /** Ours: folder of the ledger parts, which tell what each window has loaded. */
  readonly ledgerUrl: string;
  readonly errorUrl: string;
  readonly corruptedFileUrl: string;
  readonly invalidSchemaUrl: string;
  /** Prefix in the trigger bucket: a process file to run again. Starts and ends with a slash, like the next two. */
  readonly loadProcessPrefix: string;
  /** Prefix in the trigger bucket: an ended BigQuery job. */
  readonly bqJobPrefix: string;
  /** Prefix in the trigger bucket: a window that is due. */
  readonly batchPrefix: string;
  /** Folders in the trigger bucket for one JSON per ended job or run window; empty when off. */
  readonly bqJobInfoPath: string;
  readonly bqBatchInfoPath: string;
  /** When present, overrule the same fields of every rule. */
  readonly disabled?: boolean;
  readonly async?: boolean;
  /** Ours: Temporal task queue of the workflows and activities. */
  readonly taskQueue: string;
  /** Ours: where the bridge listens for pushed events, and whom it believes. */
  readonly bridge: BridgeSettings;
  /** Ours: most files of one load job; absent: as many as BigQuery takes, 10,000. */
  readonly maxFilesPerLoad?: number;
  /** Region of KMS keys that are named `ring/key`. */
  readonly region: string;
  /** Where the Slack token of notifications lies that bring none. */
  readonly slackCredentials?: SlackSettings;
  /** Ours: another address of Slack's Web API; ends with a slash. */
  readonly slackApiUrl?: string;
  /** Ours: hosts that calls and webhooks may reach; absent: all at public addresses. */
  readonly outboundHosts?: readonly string[];
  /** Ours: the worker deployment that workers belong to; absent: workers without versions. */
  readonly deployment?: Deployment;
}

/** Where a Slack token lies: an encrypted object with its KMS key, as in the original, or a secret, or a variable. */
export interface SlackSettings {
  readonly url?: string | undefined;
  readonly key?: string | undefined;
  /** Ours: secret of Secret Manager. */
  readonly secret?: string | undefined;
  /** Ours: variable of the worker's environment. */
  readonly env?: string | undefined;
}

/** The endpoint for pushed events. */
export interface BridgeSettings {
  readonly host: string;
  readonly port: number;
  /** How push tokens are verified; absent: they are not. */
  readonly push?: PushSettings;
  /** Listen where others reach it, though tokens are not verified: something in front of it does. */
  readonly allowUnauthenticated?: boolean;
  /** How long the answer to an event waits for the load of a rule that is not Async, seconds; 0 for not at all. */
  readonly answerWithinSec: number;
}

/** The OIDC token that Pub/Sub and Eventarc send with each event. */
export interface PushSettings {
  /** The token's `aud`: what the subscription names, by default the endpoint's URL. */
  readonly audience: string;
  /** Service accounts that may push, by e-mail. */
  readonly serviceAccounts: readonly string[];
  /** Where the signers' keys are, as certificates by key ID or as a JWK set; absent: Google's. */
  readonly keysUrl?: string;
}

/** A worker deployment version of Temporal. */
export interface Deployment {
  readonly name: string;
  readonly buildId: string;
  /** What becomes of running workflows when another version is made current; `PINNED` ones stay with theirs. */
  readonly behavior: 'PINNED' | 'AUTO_UPGRADE';
}

const url = z.string().min(1);
const path = z.string();

const behavior = z.enum(['PINNED', 'AUTO_UPGRADE']);

/** Below Pub/Sub's default acknowledgement deadline of 10 s, so that no event is sent again meanwhile. */
const ANSWER_WITHIN_SEC = 8;

const PROJECT_MISSING = 'missing, and the environment names none by GCLOUD_PROJECT or GOOGLE_CLOUD_PROJECT either';

/** As written in the file, keys lower-cased. */
const fileSchema = z.object({
  projectid: z.string({ error: ({ input }) => (input === undefined ? PROJECT_MISSING : undefined) }).min(1),
  triggerbucket: z.string().min(1).optional(),
  rulesurl: url,
  checkinms: z.number().int().nonnegative().optional(),
  asynctaskurl: url,
  synctaskurl: url.optional(),
  batchurl: url.optional(),
  journalurl: url,
  activeloadprocessurl: url.optional(),
  doneloadprocessurl: url.optional(),
  errorurl: url,
  corruptedfileurl: url,
  invalidschemaurl: url.optional(),
  loadprocessprefix: path.optional(),
  postjobprefix: path.optional(),
  bqjobprefix: path.optional(),
  batchprefix: path.optional(),
  bqjobinfopath: path.optional(),
  bqbatchinfopath: path.optional(),
  disabled: z.boolean().optional(),
  async: z.boolean().optional(),
  taskqueue: z.string().min(1).optional(),
  maxfilesperload: z.number().int().min(1).max(10_000).optional(),
  bridge: z
    .object({
      host: z.string().min(1).optional(),
      port: z.number().int().min(0).max(65535).optional(),
      push: z
        .object({
          audience: z.string().min(1),
          serviceaccounts: z.array(z.email()).min(1),
          keysurl: z.url().optional(),
        })
        .optional(),
      allowunauthenticated: z.boolean().optional(),
      answerwithinsec: z.number().nonnegative().max(540).optional(),
    })
    .optional(),
  region: z.string().min(1).optional(),
  slackcredentials: z
    .object({
      url: z.string().optional(),
      parameter: z.string().optional(),
      key: z.string().optional(),
      secret: z.string().optional(),
      env: z.string().optional(),
    })
    .optional(),
  slackapiurl: z.url().optional(),
  outbound: z.object({ hosts: z.array(z.string().min(1)).optional() }).optional(),
  deployment: z
    .object({ name: z.string().min(1), buildid: z.string().min(1).optional(), behavior: behavior.optional() })
    .optional(),
});

/** Names as the documentation spells them, for messages. */
const SPELLED = new Map(
  (
    'ProjectID TriggerBucket RulesURL CheckInMs AsyncTaskURL SyncTaskURL BatchURL JournalURL ActiveLoadProcessURL ' +
    'DoneLoadProcessURL ErrorURL CorruptedFileURL InvalidSchemaURL LoadProcessPrefix PostJobPrefix BqJobPrefix BatchPrefix ' +
    'BqJobInfoPath BqBatchInfoPath Disabled Async TaskQueue Bridge Host Port Push Audience ServiceAccounts KeysURL ' +
    'AllowUnauthenticated AnswerWithinSec Deployment Name BuildID Behavior Region SlackCredentials URL Parameter Key Secret Env ' +
    'SlackApiURL Outbound Hosts MaxFilesPerLoad'
  )
    .split(' ')
    .map((name) => [name.toLowerCase(), name]),
);

/**
 * Reads a configuration in JSON and fills in the original's defaults.
 *
 * @param text the JSON.
 * @param source where it comes from, for messages and as `url`.
 * @param env environment that names the project when the file does not.
 * @throws ConfigError with every problem of the file.
 */
export function parseConfig(text: string, source: string, env: NodeJS.ProcessEnv = process.env): Config {
  const given = readJson(text, source);
  const parsed = fileSchema.safeParse(withProject(lowerCaseKeys(given), env));
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => describe(issue, source)).join('\n'));
  const file = parsed.data;
  const projectId = file.projectid;
  const journalUrl = folder(file.journalurl);
  const asyncTaskUrl = folder(file.asynctaskurl);
  return {
    url: source,
    withoutEffect: unknownNames(given),
    projectId,
    triggerBucket: file.triggerbucket ?? `${projectId.replaceAll('-', '_')}_bqtail`,
    rulesUrl: folder(file.rulesurl),
    checkInMs: file.checkinms || 60_000,
    asyncTaskUrl,
    batchUrl: folder(file.batchurl ?? asyncTaskUrl),
    ...(file.synctaskurl === undefined ? {} : { syncTaskUrl: folder(file.synctaskurl) }),
    journalUrl,
    activeLoadProcessUrl: folder(file.activeloadprocessurl ?? `${journalUrl}/Running`),
    doneLoadProcessUrl: folder(file.doneloadprocessurl ?? `${journalUrl}/Done`),
    failedLoadProcessUrl: `${journalUrl}/failed`,
    ledgerUrl: `${journalUrl}/Ledger`,
    errorUrl: folder(file.errorurl),
    corruptedFileUrl: folder(file.corruptedfileurl),
    invalidSchemaUrl: folder(file.invalidschemaurl ?? `${journalUrl}/invalid_schema`),
    loadProcessPrefix: prefix(file.loadprocessprefix) ?? '/_load_/',
    bqJobPrefix: prefix(file.bqjobprefix) ?? prefix(file.postjobprefix) ?? '/_bqjob_/',
    batchPrefix: prefix(file.batchprefix) ?? '/_batch_/',
    bqJobInfoPath: trimSlashes(file.bqjobinfopath ?? ''),
    bqBatchInfoPath: trimSlashes(file.bqbatchinfopath ?? ''),
    ...(file.disabled === undefined ? {} : { disabled: file.disabled }),
    ...(file.async === undefined ? {} : { async: file.async }),
    taskQueue: file.taskqueue ?? 'bqtail',
    ...(file.maxfilesperload === undefined ? {} : { maxFilesPerLoad: file.maxfilesperload }),
    bridge: bridgeSettings(file.bridge),
    region: file.region ?? env['FUNCTION_REGION'] ?? env['GOOGLE_CLOUD_REGION'] ?? 'us-central1',
    ...(file.slackcredentials === undefined ? {} : { slackCredentials: file.slackcredentials }),
    ...(file.slackapiurl === undefined ? {} : { slackApiUrl: `${folder(file.slackapiurl)}/` }),
    ...(file.outbound?.hosts === undefined ? {} : { outboundHosts: file.outbound.hosts }),
    ...deploymentOf(file.deployment, source, env),
  };
}

type FileSettings = z.infer<typeof fileSchema>;

function bridgeSettings({
  host,
  port,
  push,
  allowunauthenticated: open,
  answerwithinsec,
}: FileSettings['bridge'] = {}): BridgeSettings {
  return {
    host: host ?? '127.0.0.1',
    port: port ?? 8080,
    answerWithinSec: answerwithinsec ?? ANSWER_WITHIN_SEC,
    ...(push ? { push: pushSettings(push) } : {}),
    ...(open === undefined ? {} : { allowUnauthenticated: open }),
  };
}

function pushSettings(push: NonNullable<NonNullable<FileSettings['bridge']>['push']>): PushSettings {
  const { audience, serviceaccounts: serviceAccounts, keysurl: keysUrl } = push;
  return { audience, serviceAccounts, ...(keysUrl === undefined ? {} : { keysUrl }) };
}

/** By the file, or by Temporal's own variables, which its worker controller for Kubernetes sets. */
function deploymentOf(
  deployment: FileSettings['deployment'],
  source: string,
  env: NodeJS.ProcessEnv,
): { deployment?: Deployment } {
  const name = deployment?.name ?? env['TEMPORAL_DEPLOYMENT_NAME'];
  if (!name) return {};
  const buildId = deployment?.buildid ?? env['TEMPORAL_WORKER_BUILD_ID'];
  if (buildId) return { deployment: { name, buildId, behavior: deployment?.behavior ?? 'PINNED' } };
  throw new ConfigError(`${source}: Deployment.BuildID: missing, and TEMPORAL_WORKER_BUILD_ID is not set either`);
}

function readJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${source}: not JSON: ${errorText(error)}`);
  }
}

/** Names of settings that are none, with those they stand in, e.g. `Bridge.Hots`. */
function unknownNames(value: unknown, within = ''): string[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    SPELLED.has(key.toLowerCase()) ? unknownNames(item, `${within}${key}.`) : [`${within}${key}`],
  );
}

/** A null counts as absent, as it does in the original. */
function lowerCaseKeys(value: unknown): unknown {
  if (!isObject(value)) return value;
  const given = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(given.map(([key, item]) => [key.toLowerCase(), lowerCaseKeys(item)]));
}

function withProject(value: unknown, env: NodeJS.ProcessEnv): unknown {
  const projectid = env['GCLOUD_PROJECT'] || env['GOOGLE_CLOUD_PROJECT'] || env['GCP_PROJECT'];
  return projectid && isObject(value) ? { projectid, ...value } : value;
}

function describe(issue: z.core.$ZodIssue, source: string): string {
  const field = issue.path.map((key) => SPELLED.get(String(key)) ?? String(key)).join('.') || 'the configuration';
  return `${source}: ${field}: ${issue.message}`;
}

function folder(value: string): string {
  return value.replace(/\/+$/, '');
}

function trimSlashes(value: string): string {
  return value.replace(/^\/+|\/+$/g, '');
}

/** Between slashes; undefined when nothing is left to stand there, since every file would begin with that. */
function prefix(value = ''): string | undefined {
  const text = trimSlashes(value);
  return text === '' ? undefined : `/${text}/`;
}
