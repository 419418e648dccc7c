import { isObject } from '../json';

/** A documented name as a property: `JournalURL` → `journalUrl`, `ProjectID` → `projectId`, `Host` → `host`. */
export type CamelCase<Name extends string> = Name extends 'URL' | 'ID'
  ? Lowercase<Name>
  : Name extends `${infer Head}URL`
    ? `${Uncapitalize<Head>}Url`
    : Name extends `${infer Head}ID`
      ? `${Uncapitalize<Head>}Id`
      : Uncapitalize<Name>;

/** Data with its documented names as properties, at all levels. */
export type CamelCased<Data> = Data extends readonly unknown[]
  ? Readonly<Data>
  : Data extends object
    ? { readonly [Name in keyof Data as CamelCase<Name & string>]: CamelCased<Data[Name]> }
    : Data;

/**
 * Renames the keys of objects from their documented spelling to that of properties. Lists stay as they are.
 *
 * @example camelCased({ JournalURL: 'gs://b', Bridge: { Host: 'h' } }) // { journalUrl: 'gs://b', bridge: { host: 'h' } }
 */
export function camelCased<Data extends object>(data: Data): CamelCased<Data>;
export function camelCased(data: object): object {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [camelCase(name), isObject(value) ? camelCased(value) : value]),
  );
}

function camelCase(name: string): string {
  const ending = name.replace(/(URL|ID)$/, (word) => `${word.charAt(0)}${word.slice(1).toLowerCase()}`);
  return ending.charAt(0).toLowerCase() + ending.slice(1);
}
