/**
 * Waits until a condition holds.
 *
 * @param event for the message, for example 'the message arrives'.
 * @throws Error when it does not hold within the limit.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  event: string,
  limitMs = 10_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited ${limitMs} ms in vain until ${event}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
