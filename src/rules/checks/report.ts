import type { RuleCode } from '../errorCodes';
import type { OwnPath } from '../sourceText';

/** Takes one finding; the path is in canonical spelling, from the rule on. */
export type Report = (
  code: RuleCode,
  path: OwnPath,
  details?: { readonly found?: unknown; readonly allowed?: string },
) => void;
