/** Actions that are BigQuery jobs, with `reload` for a load after bad files were left out. */
export type JobAction = 'load' | 'reload' | 'copy' | 'query' | 'export';

/** What a job ID tells (spec 1, section 4.6; spec 2, section 1.8). */
export interface JobName {
  readonly dest: string;
  readonly eventId: string;
  /** Position of the action in the plan, from 1. */
  readonly step: number;
  readonly action: JobAction;
  readonly async: boolean;
  /** How often this step was submitted before and failed; 0 for the first, which the ID does not show. */
  readonly attempt?: number;
}

const STEPS = 99_999;

/**
 * The BigQuery job ID of a step. The same step gives the same ID, so that BigQuery runs it once.
 *
 * @example jobId({ dest: 'p:ds.t', eventId: '777', step: 1, action: 'load', async: true }) // 'p_ds_t--777_00001_load--dispatch'
 */
export function jobId(name: JobName): string {
  const step = String(name.step % STEPS).padStart(5, '0');
  const attempt = name.attempt ? `--${name.attempt}` : '';
  const mode = name.async ? 'dispatch' : 'tail';
  return destInJobId(`${name.dest}--${name.eventId}_${step}_${name.action}--${mode}${attempt}`);
}

/** A destination table as it stands in job IDs. */
export function destInJobId(dest: string): string {
  return dest
    .replaceAll('/', '--')
    .replace(/[$:.]/g, '_')
    .replace(/[^A-Za-z0-9_-]/g, '_');
}
