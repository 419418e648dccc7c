import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { errorText } from '../errorText';
import { ConfigError } from './config';

const DEFAULT_ADDRESS = 'localhost:7233';

/**
 * The connection settings of Temporal: TEMPORAL_* variables, then the profile of Temporal's configuration file.
 *
 * @throws ConfigError when the profile does not exist or the file cannot be read.
 */
export function temporalSettings() {
  const { connectionOptions, namespace = 'default' } = readSettings();
  return { connectionOptions, namespace, address: connectionOptions.address ?? DEFAULT_ADDRESS };
}

function readSettings() {
  try {
    return loadClientConnectConfig();
  } catch (error) {
    throw new ConfigError(`configuration of the Temporal client: ${firstLine(error)}`);
  }
}

/** Connects a client by Temporal's own settings. @throws ConfigError when Temporal cannot be reached. */
export async function connectClient(): Promise<Client> {
  const { connectionOptions, namespace, address } = temporalSettings();
  const connection = await withConnectError(address, () => Connection.connect({ ...connectionOptions, address }));
  return new Client({ connection, namespace });
}

/** Runs `connect`; its failure becomes a ConfigError that names the address. @throws ConfigError */
export async function withConnectError<T>(address: string, connect: () => Promise<T>): Promise<T> {
  try {
    return await connect();
  } catch (error) {
    throw new ConfigError(
      `Temporal cannot be reached at ${address}: ${firstLine(error)}; set TEMPORAL_ADDRESS or a profile`,
    );
  }
}

function firstLine(error: unknown): string {
  const [line = ''] = errorText(error).split('\n');
  return line;
}
