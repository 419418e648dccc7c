/** Times that work is tried when another transaction gets in between. */
export const CONFLICT_TRIES = 8;

/** Does the work again while DuckDB refuses it because of a conflict. */
export async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isConflict(error) || tries >= CONFLICT_TRIES) throw error;
    }
  }
}

/**
 * Whether DuckDB refused because another transaction got in between, or because a relation was replaced after its name was
 * looked up: the same work succeeds when it is done again.
 */
export function isConflict(error: unknown): boolean {
  const message = error instanceof Error ? error.message : '';
  return /\bconflict\b|has been altered|has been dropped|content\.\S*t\d+\S* does not exist|name t\d+ does not exist/i.test(
    message,
  );
}
