/** Types of the `ApplicationFailure`s that operators may rely on. */
export type FailureType =
  | 'RuleInvalid'
  | 'RuleMissing'
  | 'SchemaMissing'
  | 'PermissionDenied'
  | 'QueryInvalid'
  | 'NotFound'
  | 'LoadFailed'
  /** The rule's MaxReload is used up, and there are bad files still. */
  | 'ReloadLimit'
  /** Every file of the batch was bad, and was set aside. */
  | 'NoGoodFiles'
  /** The load job that the process would have made has loaded other files. */
  | 'JobTaken'
  | 'ActionFailed'
  | 'Abandoned'
  | 'Cancelled';
