const PAUSE_MS = 50;

/** What a look gives until what is waited for is there. */
type NotYet = undefined | null | false;

/**
 * Looks again and again until the look gives something, and returns that.
 *
 * @throws Error that names what was waited for, with the last error of a look.
 */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | NotYet> | T | NotYet,
  patienceMs = 60_000,
): Promise<T> {
  const giveUpAt = Date.now() + patienceMs;
  let last: unknown;
  do {
    try {
      const found = await look();
      if (found !== undefined && found !== null && found !== false) return found;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  } while (Date.now() < giveUpAt);
  throw new Error(`waited ${patienceMs} ms in vain for ${what}${last ? `: ${last}` : ''}`);
}
