// Writes the JSON Schema of rule files at build time. The package publishes it for editors.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { ruleFileJsonSchema } = require('../dist/rules/jsonSchema.js');

const file = join(__dirname, '..', 'dist', 'rule.schema.json');
writeFileSync(file, `${JSON.stringify(ruleFileJsonSchema(), null, 2)}\n`);
