import { type Command, Option } from 'commander';
import { sinceMs } from './since';

const SINCE = '90m, 2h, 7d, or an RFC 3339 time';

/** The commands of operators: what the `temporal` CLI does for one workflow, for many; and what only the storage can tell. */
export function addOperatorCommands(root: Command, config: Option): void {
  root
    .command('retry')
    .description('go on with parked workflows, and run failed ones again')
    .argument('[workflow-id...]', 'which; without, --dest or --since chooses among those that are parked or failed')
    .option('--dest <table>', 'only those into this table')
    .addOption(new Option('--since <when>', `only those that ended since then: ${SINCE}`).argParser(sinceMs))
    .option('--dry-run', 'tell what would be done, and do nothing')
    .addOption(output())
    .action(async (ids: string[], options, command: Command) => {
      if (ids.length === 0 && options.dest === undefined && options.since === undefined) {
        command.error('error: nothing chosen: give workflow IDs, --dest or --since');
      }
      process.exitCode = await (await import('./retry.js')).retry(ids, options);
    });
  root
    .command('backfill')
    .description('list the files of rules, and send those that the ledger does not know: missed notifications')
    .addOption(config)
    .option('--rule, --rules <rule...>', 'only these rules: URL of the file, ID or Info.Workflow')
    .option('--prefix <path-or-url>', 'only files that begin so; a gs:// URL names another bucket too')
    .addOption(new Option('--since <when>', `only files updated since then: ${SINCE}`).argParser(sinceMs))
    .option('--dry-run', 'tell what would be sent, and send nothing')
    .addOption(output())
    .action(async ({ rules, ...options }) => (await import('./backfill.js')).backfill({ ...options, rule: rules }));
  root
    .command('files')
    .description('list files: those that were set aside, with what is wrong and where they are now')
    .addOption(config)
    .requiredOption('--bad', 'the bad ones, which is all that is listed so far')
    .option('--dest <table>', 'only those meant for this table')
    .addOption(new Option('--since <when>', `only those first seen since then: ${SINCE}`).argParser(sinceMs))
    .addOption(output().choices(['text', 'json', 'jsonl']))
    .action(async (options) => (await import('./files.js')).files(options));
}

function output(): Option {
  return new Option('--output <format>', 'how it is told').choices(['text', 'json']).default('text');
}
