import type { Config } from '../config/config';
import type { BatchFilesReader } from '../ledger/batchFilesReader';
import type { ObjectStore } from '../objects/objectStore';
import type { RuleStore } from '../rules/ruleStore';
import type { BigQueryProjects } from './bigquery/bigQueryProjects';
import type { JobWatcher } from './bigquery/jobWatcher';
import type { ProjectLoads } from './bigquery/projectLoads';
import type { GuardedFetch } from './outbound/guardedFetch';
import type { Identity } from './outbound/identity';
import type { Publisher } from './outbound/publisher';
import type { Secrets } from './outbound/secrets';

/** What keeps rows from being loaded twice: the ledger, and the adoption of jobs that are there already. */
export type Safeguard = 'ledger' | 'adoption';

/** What the activities work with: made once, at the edge. */
export interface Dependencies {
  readonly config: Config;
  readonly objects: ObjectStore;
  readonly rules: RuleStore;
  readonly bigQuery: BigQueryProjects;
  readonly watcher: JobWatcher;
  readonly projectLoads: ProjectLoads;
  readonly batchFiles: BatchFilesReader;
  /** Safeguards that are switched off, to show what they are for; empty but for a run of chaos. */
  readonly without: ReadonlySet<Safeguard>;
  /** To other people's servers, within `Outbound.Hosts`. */
  readonly outbound: GuardedFetch;
  readonly identity: Identity;
  readonly publisher: Publisher;
  readonly secrets: Secrets;
  /** Writes one structured line; fields are shown as they are. */
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}
