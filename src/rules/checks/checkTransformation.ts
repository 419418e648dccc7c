import type { FileDestination } from '../rule';
import { checkMod, checkTable } from './checkDestination';
import type { Report } from './report';

type Key = keyof Pick<FileDestination, 'UniqueColumns' | 'Transform' | 'SideInputs'>;
const KEYS: readonly Key[] = ['UniqueColumns', 'Transform', 'SideInputs'];

/** Checks the temporary table and transformations: Transient, Split, SideInputs, Transform, UniqueColumns. */
export function checkTransformation(dest: FileDestination, report: Report): void {
  const { Transient, TransientDataset, Schema } = dest;
  const hasTransient = Transient !== undefined || Boolean(TransientDataset);
  if (Transient !== undefined && !Transient.Dataset && !TransientDataset)
    report('TransientDatasetMissing', ['Dest', 'Transient', 'Dataset']);

  for (const path of transformations(dest)) {
    if (!hasTransient) report('TransientMissing', path);
    if (Schema?.Autodetect) report('AutodetectExcluded', path);
  }
  checkSplit(dest, report);
  checkSideInputs(dest, report);

  const strategy = Transient?.Balancer?.Strategy;
  if (strategy && strategy !== 'rand' && strategy !== 'fallback')
    report('ValueUnknown', ['Dest', 'Transient', 'Balancer', 'Strategy'], {
      found: strategy,
      allowed: 'rand, fallback',
    });
}

/** Paths of the fields that transform rows; empty when rows are only loaded. */
function transformations(dest: FileDestination): readonly (readonly string[])[] {
  const own = KEYS.filter((key) => Object.keys(dest[key] ?? []).length > 0).map((key) => ['Dest', key]);
  return dest.Schema?.Split === undefined ? own : [...own, ['Dest', 'Schema', 'Split']];
}

/** Whether rows are transformed, so that a copy of the temporary table is not enough. */
export function transforms(dest: FileDestination): boolean {
  return transformations(dest).length > 0;
}

function checkSplit(dest: FileDestination, report: Report): void {
  const split = dest.Schema?.Split;
  if (split === undefined) return;
  const path = ['Dest', 'Schema', 'Split', 'Mapping'];
  if (!split.Mapping?.length) report('SplitMappingMissing', path);
  for (const [index, { When, Then }] of (split.Mapping ?? []).entries()) {
    if (!When) report('SplitMappingIncomplete', [...path, index, 'When']);
    if (!Then) report('SplitMappingIncomplete', [...path, index, 'Then']);
    checkTable(Then, [...path, index, 'Then'], report);
    checkMod(Then, [...path, index, 'Then'], report);
  }
}

function checkSideInputs(dest: FileDestination, report: Report): void {
  const alias = dest.Transient?.Alias || 't';
  for (const [index, input] of (dest.SideInputs ?? []).entries()) {
    const path = ['Dest', 'SideInputs', index];
    if (!input.Table && !input.From) report('SideInputSourceMissing', path);
    checkTable(input.Table, [...path, 'Table'], report);
    if (!input.Alias) report('SideInputAliasMissing', [...path, 'Alias']);
    if (!input.On) report('SideInputOnMissing', [...path, 'On']);
    if (!input.On || !input.Alias || input.On.includes('$')) continue;
    const prefixes = [`${alias}.`, `${input.Alias}.`];
    if (!prefixes.every((prefix) => input.On?.includes(prefix)))
      report('SideInputOnIncomplete', [...path, 'On'], { found: input.On, allowed: prefixes.join(' and ') });
  }
}
