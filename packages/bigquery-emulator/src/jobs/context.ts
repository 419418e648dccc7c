import type { Catalog } from '../catalog';
import type { Database } from '../database';
import type { RecentIds } from '../recentIds';
import type { Queues } from '../slots';
import type { ObjectSource } from '../storage/objects';
import type { TableSizes } from '../tableSize';

/** What jobs work with: the state of the emulator. */
export interface JobContext {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly objects: ObjectSource;
  readonly sizes: TableSizes;
  /** insertIds of rows that were streamed recently. */
  readonly insertIds: RecentIds;
  /** One queue of writers per table. */
  readonly queues: Queues;
  /** Folder for files of running jobs; emptied at the start. */
  readonly scratch: string;
  /** Folder for the media of uploads; each file is named after its job (`jobFileName`). */
  readonly uploads: string;
}
