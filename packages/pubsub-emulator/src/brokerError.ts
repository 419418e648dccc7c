/** What gRPC and REST each name in their own way. */
export type BrokerStatus = 'NOT_FOUND' | 'ALREADY_EXISTS' | 'INVALID_ARGUMENT';

/** A call that the stand-in refuses, as the service would. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';

  constructor(
    readonly status: BrokerStatus,
    message: string,
  ) {
    super(message);
  }
}
