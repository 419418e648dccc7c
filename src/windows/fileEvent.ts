import type { FileVersion } from './fileVersion';
import type { WindowGroup } from './group';

/** A finalised object of a rule: what the starter sends to a window. */
export interface FileEvent extends FileVersion {
  /** Decimal integer. */
  readonly eventId: string;
  readonly ruleId: string;
  /** Of a rule with Batch.Group only. */
  readonly group?: WindowGroup;
}
