/**
 * Arrows go downwards: which room may import which. docs/architecture.md has the same table for people.
 * Every room may import the floor; a room that is not in the list may import nothing else.
 */
const FLOOR = [
  'windows',
  'config',
  'objects',
  'schema',
  'failures',
  'errorClass',
  'passingFailure',
  'json',
  'errorText',
];
const CONTRACTS = 'workflows/(contract|groupContract)';
const ROOMS = {
  cli: ['.*'],
  worker: ['activities', 'backfill', 'ledger', 'rules', 'starter', 'workflows'],
  operator: ['journal', 'ledger', CONTRACTS],
  backfill: ['journal', 'ledger', 'rules', 'starter', CONTRACTS],
  starter: ['journal', 'ledger', 'rules', CONTRACTS],
  workflows: ['ledger', 'plan', 'rules'],
  activities: ['journal', 'ledger', 'plan', 'rules'],
  plan: ['rules'],
  ledger: ['journal'],
  journal: [],
  rules: [],
};
const FLOOR_ROOMS = {
  objects: ['errorText', 'json', 'windows'],
  config: ['errorText', 'json', 'schema'],
  schema: ['errorText', 'json'],
  windows: [],
};
const PACKAGES = {
  'local-stack': ['bigquery-emulator', 'storage-emulator', 'pubsub-emulator', 'emulator-kit'],
  'bigquery-emulator': ['googlesql-duckdb', 'emulator-kit'],
  'storage-emulator': ['emulator-kit'],
  'pubsub-emulator': ['emulator-kit'],
  'emulator-kit': [],
  'googlesql-duckdb': [],
};

const below = (root, names) => `^${root}/(${names.join('|')})([/.]|$)`;

const rooms = Object.entries({
  ...Object.fromEntries(Object.entries(ROOMS).map(([room, below]) => [room, [...below, ...FLOOR]])),
  ...FLOOR_ROOMS,
}).map(([room, allowed]) => ({
  name: `src/${room} imports only rooms below it`,
  severity: 'error',
  from: { path: `^src/${room}/`, ...EXCEPTIONS_FROM(room) },
  to: { path: '^src/', pathNot: below('src', [room, ...allowed]) },
}));

/** Files that cross rooms by design; each has a rule of its own below. */
function EXCEPTIONS_FROM(room) {
  const files = {
    workflows: '^src/workflows/activityCalls[.]ts$',
    activities: '^src/activities/temporal/joinGroup[.]ts$',
  };
  return files[room] ? { pathNot: files[room] } : {};
}

module.exports = {
  forbidden: [
    ...rooms,
    {
      name: 'workflows know activities by the type Activities alone',
      severity: 'error',
      from: { path: '^src/workflows/activityCalls[.]ts$' },
      to: { path: '^src/', pathNot: '^src/(activities/activities|workflows/|plan/|windows/|failures)' },
    },
    {
      name: 'joinGroup, a client of the workflow windowGroup, knows its contract alone',
      severity: 'error',
      from: { path: '^src/activities/temporal/joinGroup[.]ts$' },
      to: { path: '^src/workflows/', pathNot: `^src/${CONTRACTS}[.]ts$` },
    },
    {
      name: 'only bqtail dev, demo and test load the local stack, by src/cli/localStack.ts',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/(localStack[.]ts|dev|demo|ruleTests/)' },
      to: { path: '(^|node_modules/)@bqtail/|^packages/' },
    },
    ...Object.entries(PACKAGES).flatMap(([name, allowed]) => [
      {
        name: `packages/${name} imports nothing of the product`,
        severity: 'error',
        from: { path: `^packages/${name}/` },
        to: { path: '^(src|test|bench|chaos)/' },
      },
      {
        name: `packages/${name} imports only packages below it`,
        severity: 'error',
        from: { path: `^packages/${name}/src/` },
        to: { path: '^packages/', pathNot: below('packages', [name, ...allowed]) },
      },
    ]),
    {
      name: 'no circle of files, except in the recursive grammar of GoogleSQL',
      severity: 'error',
      from: { pathNot: '^packages/googlesql-duckdb/src/(analysis|syntax|functions)/' },
      to: { circular: true },
    },
    {
      name: 'every import resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: ['node_modules', '/dist/'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'default', 'types'] },
  },
};
