// Builds the workflow bundle at build time, so that workers start without bundling.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { bundleWorkflowCode, DefaultLogger } = require('@temporalio/worker');

const dist = join(__dirname, '..', 'dist');
bundleWorkflowCode({ workflowsPath: join(dist, 'workflows', 'index.js'), logger: new DefaultLogger('ERROR') }).then(
  ({ code }) => writeFileSync(join(dist, 'worker', 'workflowBundle.js'), code),
  (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
