const PAUSE_MS = 50;

/** Results that mean "look again". */
type NotYet = undefined | null | false;

/**
 * Polls until `look` returns a value other than undefined, null or false, and returns that value. Errors of `look` are retried.
 *
 * @param what the awaited state, for the error message.
 * @throws Error on timeout, with the last error of `look`.
 */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | NotYet> | T | NotYet,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  do {
    try {
      const result = await look();
      if (result !== undefined && result !== null && result !== false) return result;
    } catch (error) {
      lastError = error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  } while (Date.now() < deadline);
  throw new Error(`timed out after ${timeoutMs} ms waiting for ${what}${lastError ? `: ${lastError}` : ''}`);
}
