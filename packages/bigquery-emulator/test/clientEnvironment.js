const { TestEnvironment } = require('jest-environment-node');

/**
 * Environment of tests with the official BigQuery client. The client loads its HTTP library by import(), which does not work
 * in jest's sandbox. Here the client is loaded outside of the sandbox.
 */
module.exports = class ClientEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.officialClients = {
      bigquery: require('@google-cloud/bigquery'),
      auth: require('google-auth-library'),
    };
  }
};
