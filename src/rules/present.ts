/** Without its undefined fields, so that the value is the same before and after a trip through JSON. */
export function present<T extends object>(value: T): T {
  for (const key of Object.keys(value)) if (Reflect.get(value, key) === undefined) Reflect.deleteProperty(value, key);
  return value;
}
