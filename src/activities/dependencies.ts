import type { Config } from '../config/config';
import type { ObjectStore } from '../objects/objectStore';
import type { RuleStore } from '../objects/ruleStore';
import type { BatchFilesReader } from './batchFilesReader';
import type { BigQueryProjects } from './bigQueryProjects';
import type { JobWatcher } from './jobWatcher';

/** What the activities work with: made once, at the edge. */
export interface Dependencies {
  readonly config: Config;
  readonly objects: ObjectStore;
  readonly rules: RuleStore;
  readonly bigQuery: BigQueryProjects;
  readonly watcher: JobWatcher;
  readonly batchFiles: BatchFilesReader;
  /** Writes one structured line; fields are shown as they are. */
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}
