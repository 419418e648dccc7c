import { type Command, InvalidArgumentError, Option } from 'commander';
import { CommandError } from './commandError';

/** Adds the commands that look at rules and load nothing. */
export function addRuleCommands(root: Command, config: Option): void {
  root
    .command('validate')
    .description('list all problems in rule files; exits 1 if there are any')
    .argument('<rules...>', 'rule files, folders, or gs:// URLs of either')
    .addOption(output())
    .action(async (sources, options) => exit((await import('./validate.js')).validate(sources, options)));
  withRules(root.command('match'), config)
    .description('show the rule, table and window of files; exits 1 if a file would not be loaded')
    .argument('[urls...]', 'files: gs://bucket/path, or the path in the trigger bucket')
    .action(async (urls, { src, ...options }) => exit((await import('./match.js')).match(filesOf(urls, src), options)));
  withRules(root.command('plan'), config)
    .description('show the jobs, SQL and actions that would load files, without running them')
    .argument('[urls...]', 'files: gs://bucket/path, or the path in the trigger bucket')
    .addOption(
      new Option('--schema <table=file>', 'schema of a table, as bq show prints it; repeatable')
        .argParser(all)
        .default([]),
    )
    .option('--offline', 'do not call Google; tables without --schema count as missing')
    .addOption(
      new Option('--size <bytes>', 'size of each file; default: its size in Cloud Storage').argParser(positive),
    )
    .addOption(new Option('--event-id <id>', 'event ID for names').argParser(eventId).default('1'))
    .action(async (urls, { src, ...options }) => exit((await import('./plan.js')).plan(filesOf(urls, src), options)));
}

/** Adds the command that tests rules on this machine. */
export function addTestCommand(root: Command): void {
  root
    .command('test')
    .description('test rules on this machine by cases of data and expected rows; exits 1 if a case fails')
    .argument('<folders...>', 'cases, or folders of cases; see docs/testing-rules.md')
    .option('--filter <text>', 'only cases whose name contains this text')
    .addOption(
      new Option(
        '--timeout <seconds>',
        'maximum time per case after its last upload; default: timeoutSec of the case',
      ).argParser(positive),
    )
    .addOption(
      new Option('--parallel <number>', 'maximum number of cases that run in parallel').argParser(positive).default(6),
    )
    .option('--no-flush', 'wait until windows are due, instead of loading them at once')
    .option('--junit <file>', 'file for the results as JUnit XML')
    .addOption(output())
    .action(async (folders, options) => exit((await import('./test.js')).test(folders, options)));
}

/** Adds the options that name rules and files. `-r`, `-s`, `-b` and `-p` mean what they mean in viant/bqtail. */
function withRules(command: Command, config: Option): Command {
  return command
    .addOption(
      new Option('-r, --rules <rules...>', 'rule files, folders or URLs; default: RulesURL of the configuration'),
    )
    .addOption(config)
    .addOption(new Option('-s, --src <url...>', 'files, like the arguments'))
    .option('-b, --bucket <bucket>', 'trigger bucket')
    .option('-p, --project <project>', 'project of the jobs, and of tables without a project')
    .addOption(new Option('--updated <time>', 'update time of the files').argParser(unixMs).default(Date.now(), 'now'))
    .addOption(output());
}

function output(): Option {
  return new Option('--output <format>', 'output format').choices(['text', 'json']).default('text');
}

function filesOf(urls: readonly string[], src: readonly string[] = []): readonly string[] {
  const files = [...urls, ...src];
  if (files.length === 0) throw new CommandError('no files given', 'give at least one URL');
  return files;
}

function all(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

function positive(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError(`found ${text}; allowed is a positive whole number.`);
}

function unixMs(text: string): number {
  const ms = Date.parse(text);
  if (Number.isFinite(ms)) return ms;
  throw new InvalidArgumentError(`found ${text}; allowed is a time such as 2023-11-14T22:13:20Z.`);
}

function eventId(text: string): string {
  if (/^[1-9]\d{0,18}$/.test(text)) return text;
  throw new InvalidArgumentError(`found ${text}; allowed is a positive whole number of at most 19 digits.`);
}

async function exit(code: Promise<number>): Promise<void> {
  process.exitCode = await code;
}
