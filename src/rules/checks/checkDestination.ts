import { MOD_ALLOWED, modFault } from '../destination';
import { EXPIRY_ALLOWED, expiryMs } from '../expiry';
import { FIELD_ADDITION_FORMATS } from '../fieldAddition';
import { documentedValues } from '../loadAttributes';
import type { FileDestination } from '../rule';
import { parseTableName } from '../tableReference';
import type { Report } from './report';

/** Checks the destination, except the fields that transform rows: see `checkTransformation`. */
export function checkDestination(dest: FileDestination, report: Report): void {
  if (!dest.Table) report('TableMissing', ['Dest', 'Table']);
  checkTable(dest.Table, ['Dest', 'Table'], report);
  checkTable(dest.Schema?.Template, ['Dest', 'Schema', 'Template'], report);
  checkTable(dest.Transient?.Template, ['Dest', 'Transient', 'Template'], report);
  checkMod(dest.Table, ['Dest', 'Table'], report);
  checkMod(dest.Partition, ['Dest', 'Partition'], report);
  if (dest.Expiry && expiryMs(dest.Expiry) === undefined)
    report('ExpiryInvalid', ['Dest', 'Expiry'], { found: dest.Expiry, allowed: EXPIRY_ALLOWED });
  checkDocumentedValues(dest, report);
  if (dest.AllowFieldAddition && FIELD_ADDITION_FORMATS.includes(dest.sourceFormat ?? ''))
    checkDisposition(dest, report);
}

export const TABLE_ALLOWED = '[project:]dataset.table';

/** Checks a table name. It may contain variables anywhere, but must contain a dot, as in viant/bqtail. */
export function checkTable(table: string | undefined, path: Parameters<Report>[1], report: Report): void {
  if (!table || (/[$]/.test(table) && table.includes('.'))) return;
  if (parseTableName(table) === undefined) report('TableInvalid', path, { found: table, allowed: TABLE_ALLOWED });
}

export function checkMod(text: string | undefined, path: Parameters<Report>[1], report: Report): void {
  const found = modFault(text ?? '');
  if (found !== undefined) report('ModInvalid', path, { found, allowed: MOD_ALLOWED });
}

function checkDocumentedValues(dest: FileDestination, report: Report): void {
  for (const [key, documented] of Object.entries(documentedValues)) {
    const value: unknown = Object.entries(dest).find(([name]) => name === key)?.[1];
    const values: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
    const other = values.find((item) => !documented.some((allowed) => allowed === item));
    if (other !== undefined && other !== '')
      report('ValueUnknown', ['Dest', key], { found: other, allowed: documented.join(', ') });
  }
}

function checkDisposition(dest: FileDestination, report: Report): void {
  const { writeDisposition, Override } = dest;
  if (Override === true || writeDisposition === undefined || writeDisposition === 'WRITE_APPEND') return;
  report('DispositionOverwritten', ['Dest', 'writeDisposition'], {
    found: writeDisposition,
    allowed: 'set Override: true to truncate the table',
  });
}
