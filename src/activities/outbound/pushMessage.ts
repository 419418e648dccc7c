import { errorText } from '../../errorText';
import { newFailure } from '../../failures';
import type { ActionCall, ActionResult } from '../../plan/stepContext';
import { actionRequests } from '../../rules/actionRequests';
import { readRequest } from '../../rules/readRequest';
import type { JsonValue } from '../../rules/types';
import type { Dependencies } from '../dependencies';
import { clientStatus, serviceFailure } from '../serviceFailure';
import { redacted, requestAtRun } from './requestAtRun';

/**
 * Publishes one message to a Pub/Sub topic: Data, else Message. Text is sent as it is, any other value as JSON.
 *
 * @throws ApplicationFailure, final when Pub/Sub refuses the message
 */
export async function pushMessage(deps: Dependencies, call: ActionCall): Promise<ActionResult> {
  const { request: expanded, secrets } = await requestAtRun(deps, call);
  const {
    Topic = '',
    ProjectID,
    Message,
    Data,
    Attributes = {},
    OrderingKey = '',
  } = readRequest(actionRequests.push, expanded);
  const topic = Topic.includes('/') ? Topic : `projects/${ProjectID || deps.config.projectId}/topics/${Topic}`;
  if (!/^projects\/[^/]+\/topics\/[^/]+$/.test(topic))
    throw newFailure('RuleInvalid', `push: Topic ${Topic}: allowed is a name or projects/<project>/topics/<name>`);
  const message = {
    data: Buffer.from(textOf(Data ?? Message ?? '')),
    attributes: Object.fromEntries(Object.entries(Attributes).map(([name, value]) => [name, textOf(value)])),
    orderingKey: OrderingKey,
  };
  try {
    return { results: { MessageIDs: [await deps.publisher.publish(topic, message)] } };
  } catch (error) {
    const message = redacted(errorText(error), secrets);
    throw serviceFailure({ status: clientStatus(error), message }, `publishing to ${topic}`, 'RuleInvalid');
  }
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
