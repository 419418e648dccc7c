import type { Config } from '../config/config';
import type { Ledger } from '../ledger/ledger';
import type { ObjectStore } from '../objects/objectStore';
import type { RuleStore } from '../rules/ruleStore';
import type { BigQueryProjects } from './bigquery/bigQueryProjects';
import type { JobWatcher } from './bigquery/jobWatcher';
import type { ProjectLoads } from './bigquery/projectLoads';
import type { GuardedFetch } from './outbound/guardedFetch';
import type { Identity } from './outbound/identity';
import type { Publisher } from './outbound/publisher';
import type { Secrets } from './outbound/secrets';

/** Clients and stores that the activities share; one set per worker. */
export interface Dependencies {
  readonly config: Config;
  readonly objects: ObjectStore;
  readonly rules: RuleStore;
  readonly bigQuery: BigQueryProjects;
  readonly watcher: JobWatcher;
  readonly projectLoads: ProjectLoads;
  readonly ledger: Ledger;
  /** Calls servers outside Google, within `Outbound.Hosts`. */
  readonly outbound: GuardedFetch;
  readonly identity: Identity;
  readonly publisher: Publisher;
  readonly secrets: Secrets;
  /** Writes one structured log line. */
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}
