import { z } from 'zod';
import { unwrapped } from '../schema/fitToSchema';

const text = z.string().min(1);
/** A folder: `gs://`, `file://` or a path. Its final slashes are removed. */
const folder = text.transform(withoutFinalSlashes);
/** A folder of the trigger bucket; empty: off. */
const folderInBucket = z.string().transform(withoutOuterSlashes).default('');
/** The beginning of names in the trigger bucket, between slashes. Only slashes count as absent, because every name begins so. */
const prefix = z
  .string()
  .optional()
  .transform((name = '') => {
    const inner = withoutOuterSlashes(name);
    return inner === '' ? undefined : `/${inner}/`;
  });

/** How Pub/Sub's and Eventarc's push tokens (OIDC) are verified. */
const push = z.object({
  /** The `aud` of the tokens, as the subscription sets it; by default the URL of the endpoint. */
  Audience: text,
  /** E-mail addresses of the service accounts that may push. */
  ServiceAccounts: z.array(z.email()).min(1),
  /** URL of the signers' keys, as certificates by key ID or as a JWK set. Default: Google's. */
  KeysURL: z.url().optional(),
});

const bridge = z.object({
  /** Address on which `serve` listens. Default: 127.0.0.1. */
  Host: text.default('127.0.0.1'),
  /** Port on which `serve` listens; 0: a free one. Default: 8080. */
  Port: z.number().int().min(0).max(65535).default(8080),
  /** Default: push tokens are not verified. */
  Push: push.optional(),
  /** Allows a public address without Push, when a proxy verifies the tokens. Default: false. */
  AllowUnauthenticated: z.boolean().optional(),
  /**
   * How long the response to an event waits for the load, seconds, for rules that are not Async; 0: not at all. Default: 8, below
   * Pub/Sub's default acknowledgement deadline of 10, so that Pub/Sub does not send the event again.
   */
  AnswerWithinSec: z.number().nonnegative().max(540).default(8),
});

/** Where the Slack token of notifications is: an encrypted object with its KMS key, a secret, or a variable. */
const slackCredentials = z.object({
  /** Object with the encrypted token; needs Key. */
  URL: z.string().optional(),
  /** Accepted because viant/bqtail has it; not used. */
  Parameter: z.string().optional(),
  /** Cloud KMS key: its full name, or `ring/key` in ProjectID and Region. */
  Key: z.string().optional(),
  /** Secret of Secret Manager. */
  Secret: z.string().optional(),
  /** Environment variable of the worker. */
  Env: z.string().optional(),
});

/** The Temporal worker deployment of the workers. */
const deployment = z.object({
  Name: text,
  /** Version of the worker. Default: TEMPORAL_WORKER_BUILD_ID of the environment. */
  BuildID: text.optional(),
  /** What running workflows do when another version becomes current: stay (`PINNED`, the default) or move to it. */
  Behavior: z.enum(['PINNED', 'AUTO_UPGRADE']).default('PINNED'),
});

/**
 * The configuration file of bridge and worker: each setting with its documented name, meaning and default. Most are those of
 * viant/bqtail (docs/compatibility.md#settings). Names ending in `Ms` or `Sec` carry their unit.
 */
export const settings = z.object({
  /** Project of the jobs, and of tables without a project. Default: GCLOUD_PROJECT, GOOGLE_CLOUD_PROJECT or GCP_PROJECT. */
  ProjectID: text,
  /** Bucket whose events start loads; also gets the `_batch_` and `_bqjob_` files. Default: `<project>_bqtail`. */
  TriggerBucket: text.optional(),
  /** Folder of the rules, read recursively. */
  RulesURL: folder,
  /** Minimum time between two scans of the rules, milliseconds. Default, also for 0: 60,000. */
  CheckInMs: z
    .number()
    .int()
    .nonnegative()
    .default(0)
    .transform((ms) => ms || 60_000),
  /** Folder of the job files of running jobs. */
  AsyncTaskURL: folder,
  /** Folder of job files and `.win` files for rules that are not Async. Default: AsyncTaskURL and BatchURL. */
  SyncTaskURL: folder.optional(),
  /** Folder of `.win` files. Default: AsyncTaskURL. */
  BatchURL: folder.optional(),
  /** Folder of the journal and the ledger. */
  JournalURL: folder,
  /** Folder of the process files of running loads. Default: `${JournalURL}/Running`. */
  ActiveLoadProcessURL: folder.optional(),
  /** Folder of the process files of finished loads. Default: `${JournalURL}/Done`. */
  DoneLoadProcessURL: folder.optional(),
  /** Folder of error reports. */
  ErrorURL: folder,
  /** Folder for corrupted files. */
  CorruptedFileURL: folder,
  /** Folder for files whose columns do not fit the table. Default: `${JournalURL}/invalid_schema`. */
  InvalidSchemaURL: folder.optional(),
  /** Prefix in the trigger bucket of process files to run again. Default: `/_load_/`. */
  LoadProcessPrefix: prefix,
  /** Older name of BqJobPrefix. */
  PostJobPrefix: prefix,
  /** Prefix in the trigger bucket of the files of ended jobs. Default: `/_bqjob_/`. */
  BqJobPrefix: prefix,
  /** Prefix in the trigger bucket of the files of due windows. Default: `/_batch_/`. */
  BatchPrefix: prefix,
  /** Folder in the trigger bucket for one JSON file per ended job. Default: off. */
  BqJobInfoPath: folderInBucket,
  /** Folder in the trigger bucket for one JSON file per loaded window. Default: off. */
  BqBatchInfoPath: folderInBucket,
  /** Overrides Disabled of every rule. */
  Disabled: z.boolean().optional(),
  /** Overrides Async of every rule. */
  Async: z.boolean().optional(),
  /**
   * How long a workflow parks for a missing permission before it fails, seconds; 0: it fails at once. Default: 3600.
   */
  PermissionWaitInSec: z.number().nonnegative().default(3600),
  /** Temporal task queue of workflows and activities. Default: bqtail. */
  TaskQueue: text.default('bqtail'),
  /** Maximum number of files per load job. Default: BigQuery's limit, 10,000. */
  MaxFilesPerLoad: z.number().int().min(1).max(10_000).optional(),
  /** The endpoint for pushed events. */
  Bridge: bridge.prefault({}),
  /** Region of KMS keys named `ring/key`. Default: FUNCTION_REGION or GOOGLE_CLOUD_REGION, else us-central1. */
  Region: text.optional(),
  /** For notifications whose rule names no token. */
  SlackCredentials: slackCredentials.optional(),
  /** Base URL of Slack's Web API. Default: Slack's own. */
  SlackApiURL: z
    .url()
    .transform((url) => `${withoutFinalSlashes(url)}/`)
    .optional(),
  Outbound: z
    .object({
      /** Hosts that calls and webhooks may reach. Default: all at public addresses. */
      Hosts: z.array(text).optional(),
    })
    .optional(),
  /** Default: TEMPORAL_DEPLOYMENT_NAME of the environment, else workers without versions. */
  Deployment: deployment.optional(),
});

/**
 * Paths of all settings, groups included.
 *
 * @example settingPaths() // ['ProjectID', …, 'Bridge', 'Bridge.Host', …]
 */
export function settingPaths(): readonly string[] {
  return pathsOf(settings);
}

function pathsOf(group: z.ZodObject): string[] {
  return Object.entries(group.shape).flatMap(([name, type]) => {
    const inner = unwrapped(type);
    return inner instanceof z.ZodObject ? [name, ...pathsOf(inner).map((path) => `${name}.${path}`)] : [name];
  });
}

function withoutFinalSlashes(value: string): string {
  return value.replace(/\/+$/, '');
}

function withoutOuterSlashes(value: string): string {
  return value.replace(/^\/+|\/+$/g, '');
}
