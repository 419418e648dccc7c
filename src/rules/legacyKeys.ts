/**
 * Keys without effect, by lower-case path without positions, and what to write instead (spec 1, section 2.7). They must stay
 * without effect: a rule that carries one runs today without it, and another meaning would change its results.
 */
const ignored: ReadonlyMap<string, string> = new Map([
  ['onload', '; the original reads it and never runs it'],
  ['counterurl', '; the original reads it and never uses it'],
  ['dest.tempdataset', '; use Dest.Transient.Dataset'],
  ['dest.dmlappend', '; use Dest.Transient.CopyMethod: DML'],
  ['dest.schema.transienttemplate', '; use Dest.Transient.Template'],
  ['dest.schema.fields', '; give the schema by a template table, schemaInline or referenceFileSchemaUri'],
  ['dest.destinationtable', '; the system sets it'],
  ['dest.sourceuris', '; the system sets it'],
  ['batch.group.durationms', '; use Batch.Group.DurationInSec'],
  ['request.secret', '; use Credentials'],
]);

/** Why a key has no effect, as the end of a sentence; undefined for a key that is simply not known. */
export function whyIgnored(path: readonly (string | number)[]): string | undefined {
  const names = path.filter((step) => typeof step === 'string').map((step) => step.toLowerCase());
  return ignored.get(names.join('.')) ?? ignored.get(names.slice(-2).join('.'));
}
