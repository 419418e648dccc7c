import { isObject } from '../../json';
import type { PlannedJob } from '../../plan/job';
import { badFiles } from '../../plan/recovery/badFiles';
import { diagnose } from '../../plan/recovery/diagnosis';
import type { FailedLoad, ProbeResult } from '../../plan/recovery/failedLoad';
import { probeConfiguration } from '../../plan/recovery/probe';
import { NONE_REJECTED } from '../../plan/recovery/rejected';
import type { LoadStep } from '../../plan/steps';
import type { TableReference } from '../../rules/tableReference';
import { filesOf, handleBadFiles } from '../batch/recoverLoad';
import { ruleOf } from '../batch/ruleOf';
import type { Dependencies } from '../dependencies';
import { toFailure } from './bigQueryErrors';
import { knownFields } from './fieldAddition';
import { submitAndWait, withSources } from './submitJob';

/** Lifetime of the table of a probe, in case its worker dies before it drops the table. */
const LIFETIME_MS = 24 * 3600 * 1000;

/**
 * Finds bad files: BigQuery loads the files into a table of their own, where any number of rows may be bad. That job does not
 * fail, and names as many bad files as its list of errors can hold. Quarantines these files and drops the table.
 *
 * @param firstAttempt see `Adoption.firstAttempt`.
 * @throws ApplicationFailure when BigQuery refuses the job
 */
export async function probeFiles(deps: Dependencies, failed: FailedLoad, firstAttempt = 0): Promise<ProbeResult> {
  const { step, jobId, batch } = failed;
  const [rule, files] = await Promise.all([ruleOf(deps, batch.ruleId), filesOf(deps, step)]);
  const sources = new Map(files.map((file) => [file.url, file]));
  const table = tableOf(step, jobId);
  const job: PlannedJob = { ...step.job, jobId };
  try {
    await createTable(deps, table, step);
    const configuration = withSources(probeConfiguration(step.job.configuration, { ...table }), [...sources.keys()]);
    const done = await submitAndWait(deps, job, configuration, { fresh: true, firstAttempt });
    const { errorResult, errors = [] } = done.status;
    const isSource = (url: string) => sources.has(url);
    const diagnosis = errorResult && diagnose({ ...errorResult, errors }, isSource);
    if (diagnosis?.kind === 'permanent') return { permanent: true, rejected: NONE_REJECTED, complete: false };
    const named = diagnosis?.kind === 'badFiles' ? diagnosis.files : badFiles(errors, isSource);
    // An earlier attempt may have moved some of the files, which are missing now. Its record counts.
    const recovery = await handleBadFiles(deps, { ...failed, jobId: done.jobReference.jobId }, rule, named, sources);
    const rows = errors.filter(({ location }) => location !== undefined && isSource(location)).length;
    const complete = !errorResult && Number(done.statistics?.load?.badRecords ?? 0) <= rows;
    return { ...recovery, complete };
  } finally {
    await drop(deps, table);
  }
}

function tableOf({ job }: LoadStep, jobId: string): TableReference {
  const { load } = job.configuration;
  const table = isObject(load) && isObject(load.destinationTable) ? load.destinationTable : {};
  const [name] = String(table.tableId).split('$');
  const number = jobId.replace(/[^A-Za-z0-9_]/g, '_');
  return {
    projectId: String(table.projectId),
    datasetId: String(table.datasetId),
    tableId: `${name}_probe_${number}`,
  };
}

async function createTable(deps: Dependencies, table: TableReference, step: LoadStep): Promise<void> {
  const columns = await knownFields(deps, step);
  if (columns.length === 0) return;
  const fields = columns.map(({ source }) => source);
  try {
    await deps.bigQuery.createTable(table, {
      schema: { fields },
      expirationTime: String(Date.now() + LIFETIME_MS),
    });
  } catch (error) {
    throw toFailure(error, `creating ${table.tableId}`);
  }
}

async function drop(deps: Dependencies, table: TableReference): Promise<void> {
  try {
    await deps.bigQuery.deleteTable(table);
  } catch (error) {
    throw toFailure(error, `dropping ${table.tableId}`);
  }
}
