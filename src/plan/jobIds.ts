/**
 * Job ID of a part, counted from 0. The first keeps the ID of the batch, to which the ledger binds the files.
 *
 * @example partJobId('ds_t--777_00001_load--tail', 1) // 'j001_ds_t--777_00001_load--tail'
 */
export function partJobId(jobId: string, part: number): string {
  return part === 0 ? jobId : `j${String(part).padStart(3, '0')}_${jobId}`;
}

/**
 * Job ID of a job that recovers a load (spec 2, section 1.8): `reload` loads what is left once bad files were set aside,
 * `probe` looks for such files.
 *
 * @param loadJobId ID of the batch's load.
 * @param step number that no other step of the plan, and no other recovery of the same part, has.
 * @example recoveryJobId('ds_t--777_00001_load--tail', 'reload', 3) // 'ds_t--777_00003_reload--tail'
 */
export function recoveryJobId(loadJobId: string, action: 'reload' | 'probe', step: number): string {
  return loadJobId.replace(/_\d{5}_load--(?=\w+$)/, `_${String(step).padStart(5, '0')}_${action}--`);
}
