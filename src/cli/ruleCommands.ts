import { type Command, InvalidArgumentError, Option } from 'commander';
import { CommandError } from './commandError';

/** Adds the commands that look at rules and load nothing. */
export function addRuleCommands(root: Command, config: Option): void {
  root
    .command('validate')
    .description('tell all problems of rule files at once; exit code 1 when there are some')
    .argument('<rules...>', 'rule files, folders of them, or gs:// URLs')
    .addOption(output())
    .action(async (sources, options) => exit((await import('./validate.js')).validate(sources, options)));
  withRules(root.command('match'), config)
    .description('tell which rule, table and window files belong to; exit code 1 when one is not loaded')
    .argument('[urls...]', 'files, gs://bucket/path or the path in the trigger bucket')
    .action(async (urls, { src, ...options }) => exit((await import('./match.js')).match(filesOf(urls, src), options)));
  withRules(root.command('plan'), config)
    .description('show the jobs, SQL and actions by which files would be loaded; nothing is run')
    .argument('[urls...]', 'files, gs://bucket/path or the path in the trigger bucket')
    .addOption(
      new Option('--schema <table=file>', 'schema of a table, as bq show prints it').argParser(all).default([]),
    )
    .option('--offline', 'do not ask Google; tables without --schema count as not existing')
    .addOption(new Option('--size <bytes>', 'size of each file; default: asked of Cloud Storage').argParser(positive))
    .addOption(new Option('--event-id <id>', 'event ID in names').argParser(eventId).default('1'))
    .action(async (urls, { src, ...options }) => exit((await import('./plan.js')).plan(filesOf(urls, src), options)));
}

/** Adds the command that tests rules on this machine. */
export function addTestCommand(root: Command): void {
  root
    .command('test')
    .description('run cases of rules, data and expected rows on this machine; exit code 1 when one fails')
    .argument('<folders...>', 'cases, or folders of them; see docs/testing-rules.md')
    .option('--filter <text>', 'only cases with that in their name')
    .addOption(new Option('--timeout <seconds>', 'patience with a case; default: its own').argParser(positive))
    .addOption(new Option('--parallel <number>', 'cases side by side').argParser(positive).default(6))
    .option('--no-flush', 'wait until windows are due, as in production')
    .option('--junit <file>', 'write the results there as JUnit XML')
    .addOption(output())
    .action(async (folders, options) => exit((await import('./test.js')).test(folders, options)));
}

/** `-r`, `-s`, `-b` and `-p` are those of the original. */
function withRules(command: Command, config: Option): Command {
  return command
    .addOption(new Option('-r, --rules <rules...>', 'rule files, folders or URLs; default: those of the configuration'))
    .addOption(config)
    .addOption(new Option('-s, --src <url...>', 'files, as the arguments'))
    .option('-b, --bucket <bucket>', 'trigger bucket')
    .option('-p, --project <project>', 'project of jobs, and of tables that name none')
    .addOption(new Option('--updated <time>', 'last update of the files').argParser(unixMs).default(Date.now(), 'now'))
    .addOption(output());
}

function output(): Option {
  return new Option('--output <format>', 'form of the answer').choices(['text', 'json']).default('text');
}

function filesOf(urls: readonly string[], src: readonly string[] = []): readonly string[] {
  const files = [...urls, ...src];
  if (files.length === 0) throw new CommandError('no file to look at', 'give at least one URL');
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
