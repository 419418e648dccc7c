import type { ListeningService } from './listen';

/**
 * Runs a service as a process of its own. It reports to its parent when it listens, and ends on SIGTERM, on SIGINT, or
 * when its parent is gone. Without a parent it prints one line of JSON instead: `{"ready":true,"port":4443}`.
 *
 * @param name for the message when it cannot start.
 */
export function runAsProcess(name: string, start: () => Promise<ListeningService>): void {
  const fail = (error: unknown) => {
    console.error(`${name}:`, error instanceof Error ? error.message : error);
    process.exit(1);
  };
  serve(start, fail).catch(fail);
}

async function serve(start: () => Promise<ListeningService>, fail: (error: unknown) => void): Promise<void> {
  const { port, close } = await start();
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    close().then(() => process.exit(0), fail);
  };
  process.on('disconnect', end);
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (process.send !== undefined && !process.connected) end();
  const ready = { ready: true, port };
  if (process.send === undefined) process.stdout.write(`${JSON.stringify(ready)}\n`);
  else if (process.connected) process.send(ready);
}
