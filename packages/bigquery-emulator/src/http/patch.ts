/** JSON of a resource. */
export type Json = Record<string, unknown>;

/** The members of a body that a client may change; the service ignores the others. */
export function changeable(body: Json, names: readonly string[]): Json {
  return Object.fromEntries(names.filter((name) => name in body).map((name) => [name, body[name]]));
}

/**
 * PATCH: a member replaces the member of its name, null removes it, and objects are merged member by member. Labels that
 * are empty then are removed.
 *
 * @example patched({ description: 'a', labels: { x: '1' } }, { description: null, labels: { y: '2' } })
 */
export function patched(resource: Json, patch: Json): Json {
  const result: Json = { ...resource };
  for (const [name, value] of Object.entries(patch)) {
    const merged = isJson(value) ? patched(asJson(result[name]), value) : value;
    if (merged === null || (name === 'labels' && isJson(merged) && Object.keys(merged).length === 0)) {
      delete result[name];
    } else result[name] = merged;
  }
  return result;
}

/** PUT: a changeable member that the body lacks is removed. */
export function replaced(resource: Json, body: Json, names: readonly string[]): Json {
  const kept = Object.entries(resource).filter(([name]) => !names.includes(name));
  return patched(Object.fromEntries(kept), changeable(body, names));
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function asJson(value: unknown): Json {
  return isJson(value) ? { ...value } : {};
}
