import type { JsonPath } from '../../json';
import type { RuleCode } from '../errorCodes';

/** Reports a problem or a warning. The path is in canonical spelling and starts at the rule. */
export type Report = (
  code: RuleCode,
  path: JsonPath,
  details?: { readonly found?: unknown; readonly allowed?: string },
) => void;
