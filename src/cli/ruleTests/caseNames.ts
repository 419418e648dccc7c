import type { Services } from '@bqtail/local-stack';
import { type AppNames, appConfig, rulesUrl } from '../dev/appConfig';
import type { PlaceholderValues } from './placeholders';

/** Names of one run of a case. Runs with different numbers share nothing. */
export function namesOfRun(number: number): AppNames {
  const id = String(number).padStart(3, '0');
  return {
    project: `case-${id}`,
    triggerBucket: `case-${id}-trigger`,
    configBucket: `case-${id}-config`,
    opsBucket: `case-${id}-ops`,
    taskQueue: `case-${id}`,
  };
}

/** Values of the placeholders `${name}` in the texts of a case. */
export function placeholderValues(
  names: AppNames,
  services: Services,
  firstRuleUrl: string,
  auxUrl: string,
): PlaceholderValues {
  const { project, triggerBucket, configBucket, opsBucket } = names;
  const { JournalURL, ErrorURL, CorruptedFileURL } = appConfig(names, 0, services);
  return {
    project,
    projectId: project,
    bqProjectId: `${project}-bq`,
    prefix: project.replaceAll('-', '_'),
    triggerBucket,
    configBucket,
    opsBucket,
    dispatchBucket: opsBucket,
    rulesUrl: rulesUrl(names),
    ruleUrl: firstRuleUrl,
    journalUrl: String(JournalURL),
    errorUrl: String(ErrorURL),
    corruptedUrl: String(CorruptedFileURL),
    auxUrl,
  };
}
