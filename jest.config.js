const transform = { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] };

/** Pure parts need nothing; flows share the services that globalSetup starts, each test with names of its own. */
module.exports = {
  projects: [
    {
      displayName: 'parts',
      testEnvironment: 'node',
      testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/packages/*/test/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/flows/'],
      transform,
    },
    {
      displayName: 'flows',
      testEnvironment: 'node',
      testMatch: ['<rootDir>/test/flows/**/*.test.ts'],
      globalSetup: '<rootDir>/test/flows/support/startServices.ts',
      globalTeardown: '<rootDir>/test/flows/support/stopServices.ts',
      transform,
    },
  ],
  testTimeout: 90_000,
  // Flows mostly wait, so more of them than cores go on at a time.
  maxWorkers: 3,
  reporters: ['default', '<rootDir>/test/countReporter.js'],
};
