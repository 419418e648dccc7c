/** Exit codes of all commands: 0 success, 1 problems found or failed, 2 unusable arguments or configuration. */
export const EXIT = { clean: 0, found: 1, unusable: 2 } as const;

/** A command that cannot be carried out. The message says what is wrong and why. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    message: string,
    /** What the user can do. */
    readonly hint?: string,
    readonly exitCode: (typeof EXIT)['found' | 'unusable'] = EXIT.unusable,
  ) {
    super(message);
  }
}
