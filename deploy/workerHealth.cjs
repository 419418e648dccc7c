// Health check of the worker in this container: Temporal has seen a recent poll of its task queue from this host.
const { readFileSync } = require('node:fs');
const { hostname } = require('node:os');
const { join } = require('node:path');
const { connectClient } = require(join(__dirname, '..', 'dist', 'config', 'temporal.js'));

/** More than a poll lasts: a minute when there is no work. */
const RECENT_MS = 150_000;
const ACTIVITY_TASK_QUEUE = 2;

async function main([configFile]) {
  const settings = Object.entries(JSON.parse(readFileSync(configFile, 'utf8')));
  const [, name = 'bqtail'] = settings.find(([key]) => key.toLowerCase() === 'taskqueue') ?? [];
  const client = await connectClient();
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name },
    taskQueueType: ACTIVITY_TASK_QUEUE,
  });
  const alive = pollers.some(({ identity, lastAccessTime }) => {
    const lastPollMs = Number(lastAccessTime?.seconds ?? 0) * 1000;
    return identity.endsWith(`@${hostname()}`) && Date.now() - lastPollMs < RECENT_MS;
  });
  if (!alive) throw new Error(`no recent poll of task queue ${name} from ${hostname()}`);
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
