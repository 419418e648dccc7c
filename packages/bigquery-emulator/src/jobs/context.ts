import type { Catalog } from '../catalog';
import type { Database } from '../database';
import type { RecentIds } from '../recentIds';
import type { Queues } from '../slots';
import type { ObjectSource } from '../storage/objects';
import type { TableSizes } from '../tableSize';

/** What the kinds of jobs work with. */
export interface JobContext {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly objects: ObjectSource;
  readonly sizes: TableSizes;
  /** IDs of rows that were streamed lately. */
  readonly insertIds: RecentIds;
  /** One queue of writers for each table. */
  readonly queues: Queues;
  /** Folder for files that live as long as a job. */
  readonly scratch: string;
  /** Folder for media that came with an upload; named after the job. */
  readonly uploads: string;
}
