import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { type DailyUse, type Stage, searchAttributes, type WindowStatus } from './contract';

/** By how much the number of files grows before listings show it. */
const GROWTH = 1.1;

/** Shows where a run stands: as search attributes for listings, as Markdown in the Web UI. */
export class Display {
  private shown: { stage: Stage; files: number } = { stage: 'gathering', files: 0 };

  constructor(private readonly status: () => WindowStatus) {}

  /** Brings both up to date; a growing number of files is written to the history in steps of a tenth only. */
  update(): void {
    const status = this.status();
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
  const due = status.due === undefined ? [] : [`- due ${new Date(status.due * 1000).toISOString()}`];
  const jobs = status.processes.flatMap((process) =>
    process.jobs.map((job) => `| \`${job.jobId}\` | ${job.state} | ${process.files} | ${job.rows ?? ''} |`),
  );
  const table = jobs.length > 0 ? ['', '| job | state | files | rows |', '|---|---|---|---|', ...jobs] : [];
  const limits = status.usage
    ? [
        '',
        `Daily limits: load jobs ${use(status.usage.loadJobs)}` +
          Object.entries(status.usage.tableModifications)
            .map(([name, used]) => `; modifications of \`${name}\` ${use(used)}`)
            .join(''),
      ]
    : [];
  const bad = status.processes.flatMap(({ rejected }) =>
    rejected
      ? [
          '',
          `Bad files: ${rejected.corrupted} corrupted, ${rejected.invalidSchema} of another schema, ${rejected.missing} missing`,
        ]
      : [],
  );
  const { windows: counts } = status;
  const windows = counts ? [`- windows: ${counts.open} open, ${counts.failed} failed, ${counts.ended} ended`] : [];
  const error = status.lastError ? ['', `Last error: ${status.lastError}`] : [];
  return [
    `**${status.stage}** into \`${status.dest}\``,
    '',
    ...due,
    `- ${status.announced} files`,
    ...windows,
    ...table,
    ...bad,
    ...limits,
    ...error,
  ].join('\n');
}

function use({ used, limit }: DailyUse): string {
  return `${used} of ${limit.toLocaleString('en')}`;
}
