// Replayed by workflows: see README.md of this folder before a change.

/**
 * Job ID of a part, counted from 0. The first part keeps the ID of the batch, to which the ledger binds the files.
 *
 * @example partJobId('ds_t--777_00001_load--tail', 1) // 'j001_ds_t--777_00001_load--tail'
 */
export function partJobId(jobId: string, part: number): string {
  return part === 0 ? jobId : `j${String(part).padStart(3, '0')}_${jobId}`;
}

/**
 * ID of a job that recovers a load: `reload` loads the remaining files after bad ones were quarantined, `probe` looks for
 * bad files.
 *
 * @param loadJobId ID of the batch's load.
 * @param step unique among the steps of the plan and the other recoveries of the same part.
 * @example recoveryJobId('ds_t--777_00001_load--tail', 'reload', 3) // 'ds_t--777_00003_reload--tail'
 */
export function recoveryJobId(loadJobId: string, action: 'reload' | 'probe', step: number): string {
  return loadJobId.replace(/_\d{5}_load--(?=\w+$)/, `_${String(step).padStart(5, '0')}_${action}--`);
}
