/** An error response, in the words of the service. */
export class ApiError extends Error {
  constructor(
    readonly code: number,
    readonly reason: string,
    message: string,
    /** Name of the parameter or header that is wrong. */
    readonly location?: string,
    readonly locationType?: 'header' | 'parameter',
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** The body of the response in the JSON API. */
  toJSON(): object {
    const { message, reason, locationType, location } = this;
    const detail = { message, domain: 'global', reason, locationType, location };
    return { error: { code: this.code, message: this.message, errors: [detail] } };
  }
}

export const bucketNotFound = () => new ApiError(404, 'notFound', 'The specified bucket does not exist.');

export const objectNotFound = (bucket: string, name: string) =>
  new ApiError(404, 'notFound', `No such object: ${bucket}/${name}`);

export const notFound = (what: string) => new ApiError(404, 'notFound', what);

export const bucketExists = () =>
  new ApiError(409, 'conflict', 'Your previous request to create the named bucket succeeded and you already own it.');

export const bucketNotEmpty = () => new ApiError(409, 'conflict', 'The bucket you tried to delete is not empty.');

export const conditionNotMet = () =>
  new ApiError(
    412,
    'conditionNotMet',
    'At least one of the pre-conditions you specified did not hold.',
    'If-Match',
    'header',
  );

/** The object still has the generation that ifGenerationNotMatch or ifMetagenerationNotMatch names; has no body. */
export const notModified = () => new ApiError(304, 'notModified', 'Not Modified');

export const invalid = (message: string, parameter?: string) =>
  new ApiError(400, 'invalid', message, parameter, parameter === undefined ? undefined : 'parameter');

export const parseError = () => new ApiError(400, 'parseError', 'Parse Error');

/** An object on hold must not be deleted or overwritten. */
export const held = (bucket: string, name: string, kind: string) =>
  new ApiError(
    403,
    'forbidden',
    `Object '${bucket}/${name}' is under active ${kind} hold and cannot be deleted, overwritten or archived until hold is removed.`,
  );

export const required = (parameter: string) =>
  new ApiError(400, 'required', `Required parameter: ${parameter}`, parameter, 'parameter');

export const rangeNotSatisfiable = () =>
  new ApiError(416, 'requestedRangeNotSatisfiable', 'Request range not satisfiable', 'Range', 'header');

const REASONS: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'authError',
  403: 'forbidden',
  404: 'notFound',
  408: 'uploadBrokenConnection',
  409: 'conflict',
  412: 'conditionNotMet',
  429: 'rateLimitExceeded',
  500: 'internalError',
  502: 'badGateway',
  503: 'backendError',
  504: 'gatewayTimeout',
};

/** An error of the given status, with the reason that the service uses for it. */
export const statusError = (code: number, message: string) => new ApiError(code, REASONS[code] ?? 'unknown', message);
