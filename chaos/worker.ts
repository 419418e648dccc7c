import { parseArgs } from 'node:util';
import { worker } from '../src/cli/worker';
import { makeDependencies } from '../src/worker/dependencies';
import { parseSafeguards, withoutSafeguards } from './safeguards';

const OPTIONS = { config: { type: 'string' }, without: { type: 'string', default: '' } } as const;

/** The product's worker, with the safeguards of `--without` switched off. */
async function main(): Promise<void> {
  const { config, without } = parseArgs({ options: OPTIONS }).values;
  const safeguards = parseSafeguards(without);
  await worker({ config }, (...settings) => withoutSafeguards(makeDependencies(...settings), safeguards));
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`chaos worker: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(2);
  },
);
