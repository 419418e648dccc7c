import type * as LocalStack from '@bqtail/local-stack';
import { CommandError } from './commandError';

const PACKAGE = '@bqtail/local-stack';

/**
 * Loads the package with the emulators and Temporal's dev server. It is optional: production installs do not have it.
 *
 * @param command the command that needs it, for the message.
 * @throws CommandError when the package is not installed.
 */
export async function loadLocalStack(command: 'dev' | 'demo' | 'test'): Promise<typeof LocalStack> {
  try {
    return await import('@bqtail/local-stack');
  } catch (error) {
    if (!isNotInstalled(error)) throw error;
    throw new CommandError(`\`bqtail ${command}\` needs the local stack: npm install --save-dev ${PACKAGE}`);
  }
}

function isNotInstalled(error: unknown): boolean {
  const { code, message } = Object(error);
  return /MODULE_NOT_FOUND$/.test(code) && String(message).includes(`'${PACKAGE}'`);
}
