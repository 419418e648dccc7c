/**
 * Keys of viant/bqtail without effect, by lower-case path without list positions, and the key to use instead. They must stay
 * without effect: existing rules contain them, and giving them a meaning would change the results of those rules.
 */
const ignored: ReadonlyMap<string, string> = new Map([
  ['onload', '; viant/bqtail reads it but never runs it'],
  ['counterurl', '; viant/bqtail reads it but never uses it'],
  ['dest.tempdataset', '; use Dest.Transient.Dataset'],
  ['dest.dmlappend', '; use Dest.Transient.CopyMethod: DML'],
  ['dest.schema.transienttemplate', '; use Dest.Transient.Template'],
  ['dest.schema.fields', '; give the schema by a template table, schemaInline or referenceFileSchemaUri'],
  ['dest.destinationtable', '; bqtail sets it'],
  ['dest.sourceuris', '; bqtail sets it'],
  ['batch.group.durationms', '; use Batch.Group.DurationInSec'],
  ['request.secret', '; use Credentials'],
]);

/** Why a key has no effect, as the end of a sentence; undefined for an unknown key. */
export function whyIgnored(path: readonly (string | number)[]): string | undefined {
  const names = path.filter((step) => typeof step === 'string').map((step) => step.toLowerCase());
  return ignored.get(names.join('.')) ?? ignored.get(names.slice(-2).join('.'));
}
