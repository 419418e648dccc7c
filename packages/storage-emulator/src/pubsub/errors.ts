/** An error in the shape of the Pub/Sub REST API. */
export class PubsubError extends Error {
  constructor(
    readonly code: number,
    readonly status: string,
    message: string,
  ) {
    super(message);
    this.name = 'PubsubError';
  }

  toJSON(): object {
    return { error: { code: this.code, message: this.message, status: this.status } };
  }
}

export const resourceNotFound = (name: string) =>
  new PubsubError(404, 'NOT_FOUND', `Resource not found (resource=${name.slice(name.lastIndexOf('/') + 1)}).`);

export const resourceExists = (name: string) =>
  new PubsubError(
    409,
    'ALREADY_EXISTS',
    `Resource already exists in the project (resource=${name.slice(name.lastIndexOf('/') + 1)}).`,
  );

export const invalidArgument = (message: string) => new PubsubError(400, 'INVALID_ARGUMENT', message);
