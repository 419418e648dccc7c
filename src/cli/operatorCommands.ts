import { type Command, Option } from 'commander';
import { sinceMs } from './since';

const SINCE = '90m, 2h, 7d, or an RFC 3339 time';

/** Adds the commands of operators: those of the `temporal` CLI for many workflows at once, and those that read storage. */
export function addOperatorCommands(root: Command, config: Option): void {
  root
    .command('retry')
    .description('resume parked workflows and restart failed ones')
    .argument('[workflow-id...]', 'workflows; without IDs, --dest or --since selects parked and failed workflows')
    .option('--dest <table>', 'only workflows that load this table')
    .addOption(
      new Option('--since <when>', `parked workflows, and those that ended since then: ${SINCE}`).argParser(sinceMs),
    )
    .option('--dry-run', 'show what would be done, without doing it')
    .addOption(output())
    .action(async (ids: string[], options, command: Command) => {
      if (ids.length === 0 && options.dest === undefined && options.since === undefined) {
        command.error('error: nothing selected: give workflow IDs, --dest or --since');
      }
      process.exitCode = await (await import('./retry.js')).retry(ids, options);
    });
  root
    .command('backfill')
    .description('list the files of rules and send those missing from the ledger, such as after missed notifications')
    .addOption(config)
    .option('--rule, --rules <rule...>', 'only these rules: URL of the rule file, rule ID or Info.Workflow')
    .option('--prefix <path-or-url>', 'only files whose path begins so; a gs:// URL may name another bucket')
    .addOption(new Option('--since <when>', `only files updated since then: ${SINCE}`).argParser(sinceMs))
    .option('--dry-run', 'show what would be sent, without sending it')
    .addOption(output())
    .action(async ({ rules, ...options }) => (await import('./backfill.js')).backfill({ ...options, rule: rules }));
  root
    .command('files')
    .description('list quarantined files, with what is wrong with them and where they are now')
    .addOption(config)
    .requiredOption('--bad', 'bad files; required, because no other files can be listed yet')
    .option('--dest <table>', 'only files for this table')
    .addOption(new Option('--since <when>', `only files found bad since then: ${SINCE}`).argParser(sinceMs))
    .addOption(output().choices(['text', 'json', 'jsonl']))
    .action(async (options) => (await import('./files.js')).files(options));
}

function output(): Option {
  return new Option('--output <format>', 'output format').choices(['text', 'json']).default('text');
}
