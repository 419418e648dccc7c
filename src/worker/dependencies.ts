import { Storage } from '@google-cloud/storage';
import { GoogleAuth } from 'google-auth-library';
import { BigQueryProjects } from '../activities/bigquery/bigQueryProjects';
import { JobWatcher } from '../activities/bigquery/jobWatcher';
import { ProjectLoads } from '../activities/bigquery/projectLoads';
import type { Dependencies } from '../activities/dependencies';
import { GuardedFetch } from '../activities/outbound/guardedFetch';
import { HostPolicy } from '../activities/outbound/hostPolicy';
import { Identity } from '../activities/outbound/identity';
import { Publisher } from '../activities/outbound/publisher';
import { Secrets } from '../activities/outbound/secrets';
import type { Config } from '../config/config';
import { Ledger } from '../ledger/ledger';
import { CloudStorage } from '../objects/cloudStorage';
import { parseObjectUrl } from '../objects/objectUrl';
import { type RuleReport, RuleStore } from '../rules/ruleStore';

/** Shortest pause between two polls of the jobs of one project: BigQuery limits the requests of a user. */
const SHORTEST_PAUSE_MS = 1000;

/** Makes the clients that activities share, once per process. They do not retry by themselves: Temporal's retries are visible. */
export function makeDependencies(config: Config, log: Dependencies['log'], onRule: RuleReport): Dependencies {
  const storage = new Storage({ projectId: config.projectId, retryOptions: { autoRetry: false } });
  const objects = new CloudStorage(storage);
  const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
  const bigQuery = new BigQueryProjects();
  return {
    config,
    objects,
    rules: new RuleStore(config.rulesUrl, config.checkInMs, objects, onRule),
    bigQuery,
    // An emulator has no limit of requests, and its jobs end within milliseconds.
    watcher: new JobWatcher(bigQuery, process.env['BIGQUERY_EMULATOR_HOST'] ? undefined : SHORTEST_PAUSE_MS),
    projectLoads: new ProjectLoads(bigQuery, (projectId, error) =>
      log(`jobs of project ${projectId} cannot be listed: ${String(error)}`, { projectId }),
    ),
    ledger: new Ledger(config, objects),
    outbound: new GuardedFetch(new HostPolicy(config.outboundHosts)),
    identity: new Identity(),
    publisher: new Publisher(),
    secrets: new Secrets(auth, {
      projectId: config.projectId,
      region: config.region,
      async readObject(url) {
        const { bucket, name } = parseObjectUrl(url);
        const [content] = await storage.bucket(bucket).file(name).download();
        return content;
      },
    }),
    log,
  };
}
