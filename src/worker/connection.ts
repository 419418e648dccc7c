import { NativeConnection } from '@temporalio/worker';
import { reaching, temporalSettings } from '../config/temporal';

/** @throws ConfigError when Temporal cannot be reached. */
export async function connectWorker(): Promise<{ connection: NativeConnection; namespace: string }> {
  const { connectionOptions, namespace, address } = temporalSettings();
  const connection = await reaching(address, () => NativeConnection.connect({ ...connectionOptions, address }));
  return { connection, namespace };
}
