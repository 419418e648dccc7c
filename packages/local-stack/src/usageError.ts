/** Input that the user can correct: a port in use, an invalid file. The message says what to change. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
