// Health of the worker in this container: Temporal knows a poller of its task queue on this host that asked lately.
const { readFileSync } = require('node:fs');
const { hostname } = require('node:os');
const { join } = require('node:path');
const { connectClient } = require(join(__dirname, '..', 'dist', 'config', 'temporal.js'));

/** A poll lasts a minute when there is no work. */
const LATELY_MS = 150_000;
const ACTIVITIES = 2;

async function main([configFile]) {
  const settings = Object.entries(JSON.parse(readFileSync(configFile, 'utf8')));
  const [, name = 'bqtail'] = settings.find(([key]) => key.toLowerCase() === 'taskqueue') ?? [];
  const client = await connectClient();
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name },
    taskQueueType: ACTIVITIES,
  });
  const alive = pollers.some(({ identity, lastAccessTime }) => {
    const askedMs = Number(lastAccessTime?.seconds ?? 0) * 1000;
    return identity.endsWith(`@${hostname()}`) && Date.now() - askedMs < LATELY_MS;
  });
  if (!alive) throw new Error(`no poller of task queue ${name} on ${hostname()}`);
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
