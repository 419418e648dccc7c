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
    .showHelpAfterError('(run bqtail --help for the commands)');
  const config = new Option(
    '-c, --config <file-or-url>',
    'configuration; default: environment variable CONFIG, which holds the JSON or its URL',
  );
  root
    .command('dev')
    .description('run everything on this machine: emulators, Temporal, bridge and worker')
    .addOption(portBase())
    .option('--data <folder>', 'folder for all data, kept after the end; default: a temporary folder')
    .option('--faults <file>', 'faults to inject into the emulators, JSON or YAML; see packages/local-stack/README.md')
    .addOption(
      new Option('--output <format>', 'format of the addresses, printed when everything runs')
        .choices(['text', 'json'])
        .default('text'),
    )
    .action(async (options) => (await import('./dev.js')).dev(options));
  root
    .command('demo')
    .description('load two files through one batch window on this machine, and show each step')
    .addOption(portBase().default(0, 'free ports'))
    .option('--keep', 'keep everything running afterwards')
    .action(async (options) => (await import('./demo.js')).demo(options));
  root
    .command('serve')
    .description('run the bridge: receive pushed events, start and signal workflows')
    .addOption(config)
    .option('--allow-unauthenticated', 'listen on a public address without verifying push tokens')
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
  return new Option('--port-base <port>', 'first of seven consecutive ports; 0: free ports').argParser((text) => {
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
