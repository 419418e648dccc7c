/** Where a secret lies: a secret of Secret Manager, or a variable of the worker's environment. */
export interface SecretReference {
  readonly kind: 'secret' | 'env';
  /** `[projects/<project>/secrets/]<name>[/versions/<version>]`, or the variable's name. */
  readonly name: string;
}

const REFERENCE = /\$\{(secret|env):([^{}]+)\}/g;

/** Whether a text asks for a secret. */
export function hasSecret(text: string): boolean {
  return text.search(REFERENCE) >= 0;
}

/**
 * A text cut at its references, so that what is expanded beside a secret is never taken for a reference itself.
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
