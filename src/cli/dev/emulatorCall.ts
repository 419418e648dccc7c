import { type JsonValue, parseJson } from '../../json';

/**
 * Calls the REST API of an emulator with JSON.
 *
 * @param base address of the emulator, `http://host:port`.
 * @returns the data of the response; undefined when the resource to create exists already.
 * @throws Error when the emulator refuses the call.
 */
export async function callEmulator(
  base: string,
  method: string,
  path: string,
  body: object,
): Promise<JsonValue | undefined> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(base + path, { method, headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (response.status === 409) return undefined;
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return parseJson(text) ?? null;
}
