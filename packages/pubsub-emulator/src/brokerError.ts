/** Status that gRPC and REST each write in their own way. */
export type BrokerStatus = 'NOT_FOUND' | 'ALREADY_EXISTS' | 'INVALID_ARGUMENT';

/** A call that the emulator refuses, as the service would. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';

  constructor(
    readonly status: BrokerStatus,
    message: string,
  ) {
    super(message);
  }
}

export const resourceNotFound = (name: string) =>
  new BrokerError('NOT_FOUND', `Resource not found (resource=${lastSegment(name)}).`);

export const resourceExists = (name: string) =>
  new BrokerError('ALREADY_EXISTS', `Resource already exists in the project (resource=${lastSegment(name)}).`);

export const invalidArgument = (message: string) => new BrokerError('INVALID_ARGUMENT', message);

function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
