import { isActionKind } from './actionRequests';
import { fitRequest } from './checks/requestFit';
import type { FileAction } from './rule';
import type { Action, JsonObject } from './types';

/** The normalised actions for checked actions of a file. OnDone of a group gets the same defaults; in viant/bqtail it has none. */
export function actionsOf(actions: readonly FileAction[] | undefined): readonly Action[] {
  return (actions ?? []).flatMap((action) => {
    const kind = (action.Action ?? '').toLowerCase();
    if (!isActionKind(kind)) return [];
    const normalised: Action = {
      action: kind,
      when: action.When && { exists: action.When.Exists || undefined },
      request: withSources(kind, fitRequest(kind, action.Request ?? {}).request),
      onSuccess: actionsOf(action.OnSuccess),
      onFailure: actionsOf(action.OnFailure),
    };
    return [normalised];
  });
}

/** Without a source, delete and move act on the files of the load. */
function withSources(kind: Action['action'], request: JsonObject): JsonObject {
  if (kind === 'delete' && !request.URLs && !request.SourceURL) return { ...request, URLs: '$LoadURIs' };
  if (kind === 'move' && !request.SourceURLs && !request.SourceURL) return { ...request, SourceURLs: '$LoadURIs' };
  return request;
}
