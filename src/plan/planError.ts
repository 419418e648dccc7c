import type { FailureType } from '../failures';

/** Why a batch cannot be planned: the rule is wrong, or a table that it depends on does not exist. */
export type PlanErrorCode = Extract<FailureType, 'RuleInvalid' | 'SchemaMissing'>;

/** The invalid field of the rule. */
export interface PlanFault {
  readonly ruleId: string;
  /** Path of the field in the rule, e.g. `Dest.Transient.Template` or `OnSuccess[0].Request.Dest`. */
  readonly field: string;
  readonly found: string;
  readonly allowed: string;
  readonly code?: PlanErrorCode;
}

/**
 * Thrown if a batch cannot be planned. The message names the rule, the field, its value and the allowed values.
 *
 * @example new PlanError({ ruleId: 'gs://c/r.yaml#orders', field: 'Dest.Table', found: 't', allowed: '[project:]dataset.table' }).message
 * // 'gs://c/r.yaml#orders: Dest.Table: found t; allowed is [project:]dataset.table'
 */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  readonly code: PlanErrorCode;

  constructor(readonly fault: PlanFault) {
    super(`${fault.ruleId}: ${fault.field}: found ${fault.found}; allowed is ${fault.allowed}`);
    this.code = fault.code ?? 'RuleInvalid';
  }
}
