// Writes docs/failures.md from the catalogue of the built product: npm run setup && node scripts/writeFailuresPage.cjs
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

const page = join(__dirname, '..', 'docs', 'failures.md');

/** Text of the page. @param failures `failures` of src/failures.ts */
function failuresPage(failures) {
  const rows = Object.entries(failures).map(
    ([type, { retry, meaning, remedy }]) => `| \`${type}\` | ${meaning} | ${retry ? 'yes' : 'no'} | ${remedy} |`,
  );
  return `# Failures

<!-- Generated from src/failures.ts by scripts/writeFailuresPage.cjs. Do not edit by hand. -->

A workflow or activity that fails has one of these types. The Web UI and \`temporal workflow show\` show it. Types
are stable, messages may change.

*Retried* says whether Temporal repeats the attempt by itself. An activity repeats \`ActionFailed\` too while another attempt may
help. An error of any other type is an outage: the activity is retried, then the window is parked and tries again by itself. After
\`QuotaExceeded\` and \`PermissionDenied\` the window is parked at once.

| type | meaning | retried | what to do |
|---|---|---|---|
${rows.join('\n')}
`;
}

module.exports = { failuresPage };

if (require.main === module) writeFileSync(page, failuresPage(require('../dist/failures.js').failures));
