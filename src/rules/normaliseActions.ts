import { present } from '../json';
import { isActionKind } from './actionRequests';
import { fitRequest } from './checks/requestFit';
import type { FileAction } from './rule';
import type { Action, JsonObject } from './types';

/** The actions of a checked file rule, those of a group's OnDone included, which the original leaves without defaults. */
export function actionsOf(actions: readonly FileAction[] | undefined): readonly Action[] {
  return (actions ?? []).flatMap((action) => {
    const kind = (action.Action ?? '').toLowerCase();
    if (!isActionKind(kind)) return [];
    const normalised = present<Action>({
      action: kind,
      when: action.When && present<NonNullable<Action['when']>>({ exists: action.When.Exists || undefined }),
      request: withSources(kind, fitRequest(kind, action.Request ?? {}).request),
      onSuccess: actionsOf(action.OnSuccess),
      onFailure: actionsOf(action.OnFailure),
    });
    return [normalised];
  });
}

/** A delete or move that names no source means the files of the load (spec 2, section 3.3). */
function withSources(kind: Action['action'], request: JsonObject): JsonObject {
  if (kind === 'delete' && !request.URLs && !request.SourceURL) return { ...request, URLs: '$LoadURIs' };
  if (kind === 'move' && !request.SourceURLs && !request.SourceURL) return { ...request, SourceURLs: '$LoadURIs' };
  return request;
}
