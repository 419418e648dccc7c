import { Storage } from '@google-cloud/storage';
import type { Resubmission } from '../backfill/fileResubmitter';
import { connectClient } from '../config/temporal';
import { CloudStorage } from '../objects/cloudStorage';
import { RuleStore } from '../rules/ruleStore';
import { makeIntake } from './intake';
import { makeLog } from './log';
import { readConfig } from './readConfig';
import { reportRules } from './ruleReport';

/** Options of `bqtail backfill`. */
export interface BackfillOptions {
  readonly config?: string;
  readonly rule?: readonly string[];
  readonly prefix?: string;
  /** Unix milliseconds. */
  readonly since?: number;
  readonly dryRun?: boolean;
  readonly output: 'text' | 'json';
}

/** `bqtail backfill`: lists the files of rules and sends those that are missing from the ledger. */
export async function backfill({ config: source, ...options }: BackfillOptions): Promise<void> {
  const config = await readConfig(source);
  const client = await connectClient();
  try {
    const objects = new CloudStorage(new Storage({ projectId: config.projectId }));
    const rules = new RuleStore(config.rulesUrl, config.checkInMs, objects, reportRules(makeLog('backfill', 'stderr')));
    const { rule, prefix, since: sinceMs, dryRun = false, output } = options;
    const print = (line: string) => process.stdout.write(`${line}\n`);
    const files: object[] = [];
    const report = await makeIntake(config, rules, client).backfill(
      { rules: rule, prefix, sinceMs, dryRun },
      (page) => {
        for (const file of page.filter(({ done }) => done !== 'known')) {
          const { url, workflowId, dest, done } = file;
          if (output === 'json') files.push({ url, workflowId, dest, done });
          else print(lineOf(file));
        }
      },
    );
    const { listed, known, sent, waiting, swept } = report;
    if (output === 'json') print(JSON.stringify({ dryRun, ...report, files }));
    else {
      print(`${listed} listed, ${known} known, ${sent} ${dryRun ? 'would be sent' : 'sent'}, ${waiting} waiting`);
      if (swept > 0) print(`${swept} files of dead runs removed`);
    }
  } finally {
    await client.connection.close();
  }
}

function lineOf({ url, workflowId, done }: Resubmission): string {
  const hint = done === 'needsRetry' ? `; a failed run holds the file: bqtail retry ${workflowId}` : '';
  return `${url} → ${workflowId}${hint}`;
}
