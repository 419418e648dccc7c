/** JSON of a resource. */
export type Json = Record<string, unknown>;

/** Members of a resource that a client may change; all else is the service's. */
export function changeable(body: Json, names: readonly string[]): Json {
  return Object.fromEntries(names.filter((name) => name in body).map((name) => [name, body[name]]));
}

/**
 * PATCH: members replace members, null takes one away, and objects such as labels are merged one by one; what is empty
 * then is gone.
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

/** PUT: what may be changed and is not sent is taken away. */
export function replaced(resource: Json, body: Json, names: readonly string[]): Json {
  const kept = Object.entries(resource).filter(([name]) => !names.includes(name));
  return patched(Object.fromEntries(kept), changeable(body, names));
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function asJson(value: unknown): Json {
  return isJson(value) ? { ...value } : {};
}
