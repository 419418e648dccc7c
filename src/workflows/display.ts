import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { type DailyUse, type Stage, searchAttributes, type WindowStatus } from './contract';

/** Listings show the number of files again when it has grown by this factor. */
const GROWTH = 1.1;

/** Shows the status of a run: as search attributes in listings, as Markdown in the Web UI. */
export class Display {
  private shown: { stage: Stage; files: number } = { stage: 'gathering', files: 0 };

  /** Updates both. A growing number of files is written to the history in steps of 10 % only. */
  update(status: WindowStatus): void {
    const { stage, announced: files } = status;
    if (stage !== this.shown.stage || files > this.shown.files * GROWTH) {
      upsertSearchAttributes([
        { key: searchAttributes.stage, value: stage },
        { key: searchAttributes.files, value: files },
      ]);
      this.shown = { stage, files };
    }
    setCurrentDetails(details(status));
  }
}

/** The status as Markdown. */
export function details(status: WindowStatus): string {
  const { stage, dest, due, announced, windows, parkedFor, lastError } = status;
  return [
    `**${stage}**${parkedFor ? ` (${parkedFor})` : ''} into \`${dest}\``,
    '',
    ...(due === undefined ? [] : [`- due ${new Date(due * 1000).toISOString()}`]),
    `- ${announced} files`,
    ...(windows ? [`- windows: ${windows.open} open, ${windows.failed} failed, ${windows.ended} ended`] : []),
    ...jobTable(status),
    ...badFiles(status),
    ...dailyLimits(status),
    ...(lastError ? ['', `Last error: ${lastError}`] : []),
  ].join('\n');
}

function jobTable({ processes }: WindowStatus): string[] {
  const rows = processes.flatMap(({ files, jobs }) =>
    jobs.map((job) => `| \`${job.jobId}\` | ${job.state} | ${files} | ${job.rows ?? ''} |`),
  );
  return rows.length > 0 ? ['', '| job | state | files | rows |', '|---|---|---|---|', ...rows] : [];
}

function badFiles({ processes }: WindowStatus): string[] {
  return processes.flatMap(({ rejected }) => {
    if (!rejected) return [];
    const { corrupted, invalidSchema, missing } = rejected;
    return ['', `Bad files: ${corrupted} corrupted, ${invalidSchema} of another schema, ${missing} missing`];
  });
}

function dailyLimits({ usage }: WindowStatus): string[] {
  if (!usage) return [];
  const tables = Object.entries(usage.tableModifications).map(
    ([name, used]) => `; modifications of \`${name}\` ${use(used)}`,
  );
  return ['', `Daily limits: load jobs ${use(usage.loadJobs)}${tables.join('')}`];
}

function use({ used, limit }: DailyUse): string {
  return `${used} of ${limit.toLocaleString('en')}`;
}
