const { TestEnvironment } = require('jest-environment-node');

/**
 * For tests with the official BigQuery client. It loads its HTTP library by import(), which modules in jest's sandbox do not
 * have; loaded here it is outside of the sandbox, as in any program.
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
