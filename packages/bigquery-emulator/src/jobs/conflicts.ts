/** How often work is tried that DuckDB refuses because of a conflict with another transaction. */
export const CONFLICT_TRIES = 8;

/** Repeats the work while DuckDB refuses it because of a conflict. */
export async function retryOnConflict<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isConflict(error) || tries >= CONFLICT_TRIES) throw error;
    }
  }
}

/**
 * Whether DuckDB refused because of a conflict with another transaction, or because a relation was replaced after its name
 * was looked up. The same work can succeed when it is repeated.
 */
export function isConflict(error: unknown): boolean {
  const message = error instanceof Error ? error.message : '';
  return /\bconflict\b|has been altered|has been dropped|content\.\S*t\d+\S* does not exist|name t\d+ does not exist/i.test(
    message,
  );
}
