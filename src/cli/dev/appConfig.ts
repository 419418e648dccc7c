import type { Services } from '@bqtail/local-stack';

/** Names by which one bridge with its worker is told from others on the same services. */
export interface AppNames {
  readonly project: string;
  readonly triggerBucket: string;
  readonly configBucket: string;
  readonly opsBucket: string;
  readonly taskQueue: string;
}

/** The names that `bqtail dev` uses. */
export const DEV_NAMES: AppNames = {
  project: 'bqtail-local',
  triggerBucket: 'bqtail-trigger',
  configBucket: 'bqtail-config',
  opsBucket: 'bqtail-ops',
  taskQueue: 'bqtail',
};

const SLACK_TOKEN = 'BQTAIL_SLACK_TOKEN';

/** How often the rules are looked at, so that a new one is seen within a second. */
const CHECK_IN_MS = 500;

/** The configuration that belongs to the names. */
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

/** Folder of the rules. */
export function rulesUrl(names: AppNames): string {
  return `gs://${names.configBucket}/BqTail/Rules`;
}

/** Environment that points the official clients to the services. */
export function clientEnvironment(services: Services): NodeJS.ProcessEnv {
  return {
    STORAGE_EMULATOR_HOST: services.storage,
    BIGQUERY_EMULATOR_HOST: services.bigquery,
    TEMPORAL_ADDRESS: services.temporal,
    PUBSUB_EMULATOR_HOST: services.pubsub,
    // The catcher takes whatever looks like a token.
    [SLACK_TOKEN]: process.env[SLACK_TOKEN] ?? 'xoxb-local',
  };
}
