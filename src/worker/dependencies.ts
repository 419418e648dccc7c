import { Storage } from '@google-cloud/storage';
import { BatchFilesReader } from '../activities/batchFilesReader';
import { BigQueryProjects } from '../activities/bigQueryProjects';
import type { Dependencies, Safeguard } from '../activities/dependencies';
import { JobWatcher } from '../activities/jobWatcher';
import type { Config } from '../config/config';
import { CloudStorage } from '../objects/cloudStorage';
import { type RuleReport, RuleStore } from '../objects/ruleStore';

/** Makes the clients that activities share, once a process. They do not retry by themselves: Temporal does, where it shows. */
export function makeDependencies(config: Config, log: Dependencies['log'], onRule: RuleReport): Dependencies {
  const objects = new CloudStorage(new Storage({ projectId: config.projectId, retryOptions: { autoRetry: false } }));
  const bigQuery = new BigQueryProjects();
  return {
    config,
    objects,
    rules: new RuleStore(config.rulesUrl, config.checkInMs, objects, onRule),
    bigQuery,
    watcher: new JobWatcher(bigQuery),
    batchFiles: new BatchFilesReader(objects),
    without: switchedOff(process.env['BQTAIL_WITHOUT'] ?? ''),
    log,
  };
}

function switchedOff(text: string): ReadonlySet<Safeguard> {
  const known: readonly Safeguard[] = ['ledger', 'adoption'];
  return new Set(known.filter((name) => text.split(',').includes(name)));
}
