import type { FailureType } from '../failures';

/** Why a batch cannot be planned: the rule is wrong, or a table that it depends on does not exist. */
export type PlanErrorCode = Extract<FailureType, 'RuleInvalid' | 'SchemaMissing'>;

/** What stands in the way of a plan, in the terms of the rule's author. */
export interface PlanFault {
  readonly ruleId: string;
  /** Field of the rule, e.g. `Dest.Transient.Template` or `OnSuccess[0].Request.Dest`. */
  readonly field: string;
  readonly found: string;
  readonly allowed: string;
  readonly code?: PlanErrorCode;
}

/**
 * A batch that cannot be planned.
 *
 * @example new PlanError({ ruleId: 'gs://c/r.yaml#0', field: 'Dest.Table', found: 't', allowed: '[project:]dataset.table' }).message
 * // 'gs://c/r.yaml#0: Dest.Table: found t; allowed is [project:]dataset.table'
 */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  readonly code: PlanErrorCode;

  constructor(readonly fault: PlanFault) {
    super(`${fault.ruleId}: ${fault.field}: found ${fault.found}; allowed is ${fault.allowed}`);
    this.code = fault.code ?? 'RuleInvalid';
  }
}
