/** Exit codes of all commands: 0 done and clean, 1 problems found or failed, 2 the call or the configuration cannot be used. */
export const EXIT = { clean: 0, found: 1, unusable: 2 } as const;

/** A command that cannot do what it was asked for: what is wrong and why, and what helps. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    message: string,
    /** What the user can do about it. */
    readonly hint?: string,
    readonly exitCode: (typeof EXIT)['found' | 'unusable'] = EXIT.unusable,
  ) {
    super(message);
  }
}
