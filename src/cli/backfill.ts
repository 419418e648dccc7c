import { Storage } from '@google-cloud/storage';
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

/** `bqtail backfill`: sends files whose notification was missed. */
export async function backfill({ config: source, ...options }: BackfillOptions): Promise<void> {
  const config = await readConfig(source);
  const client = await connectClient();
  try {
    const objects = new CloudStorage(new Storage({ projectId: config.projectId }));
    const rules = new RuleStore(config.rulesUrl, config.checkInMs, objects, reportRules(makeLog('backfill', 'stderr')));
    const { rule, prefix, since: sinceMs, dryRun = false, output } = options;
    const request = {
      ...(rule === undefined ? {} : { rules: rule }),
      ...(prefix === undefined ? {} : { prefix }),
      ...(sinceMs === undefined ? {} : { sinceMs }),
      dryRun,
    };
    const say = (line: string) => process.stdout.write(`${line}\n`);
    const files: object[] = [];
    const report = await makeIntake(config, rules, client).backfill(request, (page) => {
      for (const { url, workflowId, dest, done } of page) {
        if (done === 'known') continue;
        if (output === 'json') files.push({ url, workflowId, dest, done });
        else say(`${url} → ${workflowId}${done === 'waits' ? ': a run that died has it; bqtail retry' : ''}`);
      }
    });
    const { listed, known, sent, waiting, swept } = report;
    if (output === 'json') say(JSON.stringify({ dryRun, ...report, files }));
    else {
      say(`${listed} listed, ${known} known, ${sent} ${dryRun ? 'would be sent' : 'sent'}, ${waiting} waiting`);
      if (swept > 0) say(`${swept} files of dead runs removed`);
    }
  } finally {
    await client.connection.close();
  }
}
