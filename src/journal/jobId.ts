/** Actions that are BigQuery jobs, with `reload` for a load that runs again without the bad files. */
export type JobAction = 'load' | 'reload' | 'copy' | 'query' | 'export';

/** The parts of a BigQuery job ID. */
export interface JobName {
  /** Destination table as the rule writes it, expanded. */
  readonly dest: string;
  /** Event ID of the process. */
  readonly eventId: string;
  /** Number of the step in the plan, from 1. */
  readonly step: number;
  readonly action: JobAction;
  readonly async: boolean;
  /** Number of failed jobs of this step so far. The ID of the first job does not show the 0. */
  readonly attempt?: number;
}

/** Step numbers in IDs have five digits; larger numbers start again from 0. */
const STEPS = 99_999;

/**
 * The BigQuery job ID of a step. The same step always has the same ID, and BigQuery runs each job ID only once.
 *
 * @example jobId({ dest: 'p:ds.t', eventId: '777', step: 1, action: 'load', async: true }) // 'p_ds_t--777_00001_load--dispatch'
 */
export function jobId(name: JobName): string {
  const step = String(name.step % STEPS).padStart(5, '0');
  const attempt = name.attempt ? `--${name.attempt}` : '';
  const mode = name.async ? 'dispatch' : 'tail';
  return destInJobId(`${name.dest}--${name.eventId}_${step}_${name.action}--${mode}${attempt}`);
}

/** A destination table in the characters that BigQuery allows in job IDs: letters, digits, `_` and `-`. */
export function destInJobId(dest: string): string {
  return dest
    .replaceAll('/', '--')
    .replace(/[$:.]/g, '_')
    .replace(/[^A-Za-z0-9_-]/g, '_');
}
