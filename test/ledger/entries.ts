import type { LedgerEntry } from '../../src/ledger/entry';
import type { FileVersion } from '../../src/windows/fileVersion';

/** Files by `url#generation`. */
export function filesOf(keys: readonly string[]): FileVersion[] {
  return keys.map((key) => {
    const [url = '', generation = ''] = key.split('#');
    return { url, generation, size: 1, updatedMs: 0 };
  });
}

/** An entry with files by `url#generation`. */
export function entryOf(eventId: string, keys: readonly string[]): LedgerEntry {
  return { workflowId: 'w', eventId, ruleId: 'r#orders', jobId: `job${eventId}`, projectId: 'p', files: filesOf(keys) };
}
