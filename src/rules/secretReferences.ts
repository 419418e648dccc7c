/** Reference to a secret in Secret Manager, or to a variable of the worker's environment. */
export interface SecretReference {
  readonly kind: 'secret' | 'env';
  /** `[projects/<project>/secrets/]<name>[/versions/<version>]`, or the name of the variable. */
  readonly name: string;
}

const REFERENCE = /\$\{(secret|env):([^{}]+)\}/g;

/** Whether a text has a reference to a secret. */
export function hasSecret(text: string): boolean {
  return text.search(REFERENCE) >= 0;
}

/**
 * A text split at its references. The other parts are expanded separately, so a value can never become a reference.
 *
 * @example secretParts('Bearer ${secret:token}') // ['Bearer ', { kind: 'secret', name: 'token' }]
 */
export function secretParts(text: string): readonly (string | SecretReference)[] {
  const parts: (string | SecretReference)[] = [];
  let from = 0;
  for (const { 0: written, 1: kind, 2: name = '', index } of text.matchAll(REFERENCE)) {
    if (index > from) parts.push(text.slice(from, index));
    parts.push({ kind: kind === 'env' ? 'env' : 'secret', name: name.trim() });
    from = index + written.length;
  }
  return from < text.length ? [...parts, text.slice(from)] : parts;
}
