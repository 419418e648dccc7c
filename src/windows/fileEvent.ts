import type { FileVersion } from './fileVersion';
import type { WindowGroup } from './group';

/** A finalised object that a rule matches. The starter sends it to the object's window. */
export interface FileEvent extends FileVersion {
  /** Decimal integer. */
  readonly eventId: string;
  readonly ruleId: string;
  /** Set when an operator chose the rule: the file need not meet its When. */
  readonly ruleChosen?: true;
  /** Present only if the rule has `Batch.Group`. */
  readonly group?: WindowGroup;
}
