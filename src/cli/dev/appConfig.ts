import type { Services } from '@bqtail/local-stack';

/** Names of one bridge with its workers. Apps with different names can share services. */
export interface AppNames {
  readonly project: string;
  readonly triggerBucket: string;
  readonly configBucket: string;
  readonly opsBucket: string;
  readonly taskQueue: string;
}

/** The names of `bqtail dev`. */
export const DEV_NAMES: AppNames = {
  project: 'bqtail-local',
  triggerBucket: 'bqtail-trigger',
  configBucket: 'bqtail-config',
  opsBucket: 'bqtail-ops',
  taskQueue: 'bqtail',
};

const SLACK_TOKEN = 'BQTAIL_SLACK_TOKEN';

/** Short, so that a new rule is in use within a second. */
const CHECK_IN_MS = 500;

/** The configuration of an app, in its documented spelling. */
export function appConfig(
  names: AppNames,
  bridgePort: number,
  services: Pick<Services, 'catcher'>,
): Record<string, unknown> {
  const ops = `gs://${names.opsBucket}/BqTail`;
  return {
    ProjectID: names.project,
    TriggerBucket: names.triggerBucket,
    RulesURL: rulesUrl(names),
    CheckInMs: CHECK_IN_MS,
    AsyncTaskURL: `${ops}/Tasks`,
    JournalURL: `${ops}/Journal`,
    ErrorURL: `${ops}/errors`,
    CorruptedFileURL: `${ops}/Corrupted`,
    InvalidSchemaURL: `${ops}/InvalidSchema`,
    TaskQueue: names.taskQueue,
    Bridge: { Host: '127.0.0.1', Port: bridgePort },
    Outbound: { Hosts: ['*', 'localhost', '127.0.0.1', '::1'] },
    SlackCredentials: { Env: SLACK_TOKEN },
    SlackApiURL: `${services.catcher}/slack/api/`,
  };
}

/** Folder of the rules of an app. */
export function rulesUrl(names: AppNames): string {
  return `gs://${names.configBucket}/BqTail/Rules`;
}

/** Environment variables that make the official clients use the local services. */
export function clientEnvironment(services: Services): NodeJS.ProcessEnv {
  return {
    STORAGE_EMULATOR_HOST: services.storage,
    BIGQUERY_EMULATOR_HOST: services.bigquery,
    TEMPORAL_ADDRESS: services.temporal,
    PUBSUB_EMULATOR_HOST: services.messages,
    // The request catcher accepts any token of this form.
    [SLACK_TOKEN]: process.env[SLACK_TOKEN] ?? 'xoxb-local',
  };
}
