import type { ErrorClass } from '../../errorClass';

/** Classes of errors that are about one file of a load. */
export type FileClass = Extract<ErrorClass, 'corrupted' | 'invalidSchema' | 'missing'>;

/** Number of files that a load has rejected, by class. */
export type RejectedCounts = Readonly<Record<FileClass, number>>;

export const NONE_REJECTED: RejectedCounts = { corrupted: 0, invalidSchema: 0, missing: 0 };
