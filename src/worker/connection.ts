import { NativeConnection } from '@temporalio/worker';
import { temporalSettings, withConnectError } from '../config/temporal';

/** Connects a worker to Temporal. @throws ConfigError when Temporal cannot be reached */
export async function connectWorker(): Promise<{ connection: NativeConnection; namespace: string }> {
  const { connectionOptions, namespace, address } = temporalSettings();
  const connection = await withConnectError(address, () => NativeConnection.connect({ ...connectionOptions, address }));
  return { connection, namespace };
}
