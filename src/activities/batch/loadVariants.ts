import { NameInvalid } from '../../rules/destination';
import { loadVariant } from '../../rules/loadVariant';
import type { Rule } from '../../rules/types';
import { eventIdOf } from '../../windows/eventId';
import type { FileEvent } from '../../windows/fileEvent';
import { type FileVersion, versionKey } from '../../windows/fileVersion';

/** Files that one load may take together, and the event that owns their batch. */
export interface Variant {
  readonly owner: FileEvent;
  readonly files: readonly FileVersion[];
}

/**
 * Divides the files of a batch into those that one load may take together: see `loadVariant`. The files like the owner's come
 * first, under that owner. Every other variant is owned by its first announced file, or by its first file when none was announced.
 */
export function loadVariants(
  rule: Rule,
  files: readonly FileVersion[],
  { owner, announced }: { readonly owner: FileEvent; readonly announced: readonly FileEvent[] },
): readonly Variant[] {
  const byVariant = new Map<string, FileVersion[]>([[variantOf(rule, owner), []]]);
  for (const file of files) {
    const variant = variantOf(rule, file);
    const others = byVariant.get(variant);
    if (others) others.push(file);
    else byVariant.set(variant, [file]);
  }
  const events = new Map(announced.map((event) => [versionKey(event), event]));
  return [...byVariant.values()].flatMap((alike, at): Variant[] => {
    const [first] = alike;
    if (!first) return [];
    if (at === 0) return [{ owner, files: alike }];
    const event = alike.map((file) => events.get(versionKey(file))).find((found) => found !== undefined);
    return [{ owner: event ?? unannounced(first, owner), files: alike }];
  });
}

/** A file whose name is not valid any more, since the rule has changed, is loaded by itself and fails with a clear error. */
function variantOf(rule: Rule, file: FileVersion): string {
  try {
    return loadVariant(rule, file);
  } catch (error) {
    if (error instanceof NameInvalid) return versionKey(file);
    throw error;
  }
}

function unannounced(file: FileVersion, { ruleId, group }: FileEvent): FileEvent {
  return { ...file, eventId: eventIdOf('', file.url, file.generation), ruleId, group };
}
