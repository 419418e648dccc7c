import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for the next window unless the current one has enough time left, so that uploads fall into one window. Windows begin at
 * multiples of their length since the Unix epoch.
 *
 * @param windowMs length of the windows, milliseconds.
 * @param neededMs time that the uploads need, milliseconds.
 */
export async function waitForFreshWindow(windowMs: number, neededMs: number): Promise<void> {
  const leftMs = windowMs - (Date.now() % windowMs);
  if (leftMs < neededMs) await sleep(leftMs);
}
