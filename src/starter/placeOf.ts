import { NameInvalid } from '../rules/destination';
import type { Rule } from '../rules/types';
import { windowSettings } from '../rules/windowSettings';
import { type FileVersion, versionKey } from '../windows/fileVersion';
import { hash } from '../windows/hash';
import { windowOf } from '../windows/window';
import { checkedDestination } from './checkDestination';

/** Where a file goes by a rule. */
export interface Place {
  readonly dest: string;
  /** ID of its window, or of the load of this file alone. */
  readonly workflowId: string;
}

/** The destination and the workflow of a file, by today's rule. @throws NameInvalid */
export function placeOf(rule: Rule, file: FileVersion): Place {
  const destination = checkedDestination(rule, file);
  const settings = windowSettings(rule, destination);
  const dest = destination.table;
  if (!settings) return { dest, workflowId: singleLoadId(dest, file) };
  return { dest, workflowId: windowOf(settings, file.url, file.updatedMs).id };
}

/** Workflow ID of the load of a single file: the same version of a file is loaded once. */
export function singleLoadId(dest: string, file: Pick<FileVersion, 'url' | 'generation'>): string {
  return `${dest}_${hash(versionKey(file))}`;
}

/** Whether a file has a place: not when its name would make one that is no table's. */
export function hasPlace(rule: Rule, file: FileVersion): boolean {
  try {
    placeOf(rule, file);
    return true;
  } catch (error) {
    if (error instanceof NameInvalid) return false;
    throw error;
  }
}
