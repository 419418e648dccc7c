import type { JsonObject } from './types';
import type { Variables } from './variables';

/** Facts about a load with which its requests are expanded. */
export interface LoadVariableFacts {
  readonly eventId: string;
  /** Expanded table as the rule writes it. */
  readonly destTable: string;
  /** In back-quotes; absent without Transient. */
  readonly tempTable?: string;
  readonly ruleUrl: string;
  readonly processUrl: string;
  readonly doneProcessUrl: string;
  readonly failedUrl: string;
  readonly groupUrl?: string;
  readonly groupId?: string;
  readonly projectId: string;
  readonly region: string;
  readonly async: boolean;
  readonly jobId?: string;
  readonly source: { readonly url: string; readonly time: string; readonly status: string };
  readonly uris: readonly string[];
  /** Source time, in the form of `$Date` and `$Hour`. */
  readonly date: string;
  readonly hour: string;
  /** Pattern parameters of the source. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The variables of a load's requests. `$JobID` and `$SourceURI` are defined too; viant/bqtail documents them but never sets
 * them. A pattern parameter named Date or Hour replaces the source time; all other names of the load replace parameters.
 *
 * @example expand(action.request, loadVariables(facts))
 */
export function loadVariables(facts: LoadVariableFacts): Variables {
  const { source, tempTable = '', groupId } = facts;
  const [first = ''] = facts.uris;
  const params: JsonObject = {
    Date: facts.date,
    Hour: facts.hour,
    ...facts.parameters,
    EventID: facts.eventId,
    ...(groupId !== undefined && { GroupID: groupId }),
  };
  return {
    ...params,
    Params: params,
    DestTable: facts.destTable,
    TempTable: tempTable,
    JobSource: tempTable,
    URLs: facts.uris.join(','),
    LoadURIs: facts.uris,
    Source: { URL: source.url, Time: source.time, Status: source.status },
    SourceURI: source.url,
    RuleURL: facts.ruleUrl,
    ProcessURL: facts.processUrl,
    DoneProcessURL: facts.doneProcessUrl,
    FailedURL: facts.failedUrl,
    GroupURL: facts.groupUrl ?? '',
    ProjectID: facts.projectId,
    Region: facts.region,
    Async: facts.async,
    TriggerBucket: /^[a-z0-9]+:\/\/([^/]+)/i.exec(first)?.[1] ?? '',
    ...(facts.jobId !== undefined && { JobID: facts.jobId }),
  };
}
