#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { ConfigError } from '../config/config';
import { errorText } from '../errorText';
import { CommandError, EXIT } from './commandError';
import { addOperatorCommands } from './operatorCommands';
import { addRuleCommands, addTestCommand } from './ruleCommands';

function program(): Command {
  const root = new Command('bqtail')
    .description('Loads files from Cloud Storage into BigQuery in batch windows, each a durable Temporal workflow')
    .version(version(), '-v, --version')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'bqtail: ')) })
    .showHelpAfterError('(bqtail --help tells what there is)');
  const config = new Option('-c, --config <file-or-url>', 'configuration; default: the environment variable CONFIG');
  root
    .command('dev')
    .description('run everything on this machine: storage, BigQuery, Temporal, bridge and worker')
    .addOption(portBase())
    .option('--data <folder>', 'keep all data there; default: a temporary folder')
    .option('--faults <file>', 'what goes wrong in storage and BigQuery, JSON or YAML; see docs/local.md')
    .addOption(new Option('--output <format>', 'what is printed when ready').choices(['text', 'json']).default('text'))
    .action(async (options) => (await import('./dev.js')).dev(options));
  root
    .command('demo')
    .description('load two files through one batch window on this machine, and show what happens')
    .addOption(portBase().default(0, 'free ones'))
    .option('--keep', 'stay up afterwards')
    .action(async (options) => (await import('./demo.js')).demo(options));
  root
    .command('serve')
    .description('run the bridge: pushed events in, workflows started and signalled')
    .addOption(config)
    .option('--allow-unauthenticated', 'listen on a public address though push tokens are not verified')
    .action(async (options) => (await import('./serve.js')).serve(options));
  root
    .command('worker')
    .description('run workflows and activities')
    .addOption(config)
    .action(async (options) => (await import('./worker.js')).worker(options));
  addRuleCommands(root, config);
  addOperatorCommands(root, config);
  addTestCommand(root);
  return root;
}

function portBase(): Option {
  return new Option('--port-base <port>', 'first of a row of seven ports; 0 takes free ones').argParser((text) => {
    const port = Number(text);
    if (/^\d+$/.test(text) && port <= 65529) return port;
    throw new InvalidArgumentError(`found ${text}; allowed is a whole number from 0 to 65529.`);
  });
}

function version(): string {
  const { version: text } = require('../../package.json') as { version: string };
  return text;
}

async function main(): Promise<void> {
  try {
    await program().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? EXIT.clean : EXIT.unusable);
    process.stderr.write(`bqtail: ${errorText(error)}\n`);
    if (error instanceof CommandError) {
      if (error.hint !== undefined) process.stderr.write(`(${error.hint})\n`);
      process.exit(error.exitCode);
    }
    process.exit(error instanceof ConfigError ? EXIT.unusable : EXIT.found);
  }
  process.exit(process.exitCode ?? EXIT.clean);
}

void main();
