import { parseOptions } from './options';
import { startBigQuery } from './server';

/** The stand-in as a process of its own: told its options in the first argument, it tells its parent when it listens. */
async function main(): Promise<void> {
  const { port, close } = await startBigQuery(parseOptions(process.argv[2]));
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('disconnect', end);
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (process.send !== undefined && !process.connected) end();
  const ready = { ready: true, port };
  if (process.send === undefined) process.stdout.write(`${JSON.stringify(ready)}\n`);
  else if (process.connected) process.send(ready);
}

function fail(error: unknown): void {
  console.error('BigQuery stand-in:', error instanceof Error ? error.message : error);
  process.exit(1);
}

main().catch(fail);
