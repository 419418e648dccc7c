import type { CallReceiver } from './callReceiver';
import type { CaseCloud } from './caseCloud';
import { matches, patternOf } from './matching';
import { rowDifference } from './rowDifference';
import type { ExpectedObjects, ExpectedRows, TestCase } from './testCase';
import type { TopicListener } from './topicListener';

/** Where the state of the world is read. */
export interface Witnesses {
  readonly cloud: CaseCloud;
  readonly calls: CallReceiver;
  /** By topic. */
  readonly topics: ReadonlyMap<string, TopicListener>;
}

/** Looks whether one expectation holds; gives the lines that tell how it does not. */
export type Expectation = () => Promise<readonly string[]>;

/** What must hold after a case, the quickest to look at first. */
export function expectationsOf(testCase: TestCase, { cloud, calls, topics }: Witnesses): readonly Expectation[] {
  return [
    ...testCase.expectObjects.map((expected) => () => objectsHold(expected, cloud)),
    ...testCase.expectHttp.map((expected) => async () => callsHold(expected, calls)),
    ...testCase.expectPubsub.map((expected) => () => messagesHold(expected, topics)),
    ...testCase.expectTables.map((expected) => () => rowsHold(expected, cloud)),
    ...testCase.expectTableMeta.map((expected) => () => expiryHolds(expected, cloud)),
    ...testCase.expectNoTables.map((expected) => () => absenceHolds(expected, cloud)),
  ];
}

async function objectsHold(expected: ExpectedObjects, cloud: CaseCloud): Promise<readonly string[]> {
  const { kind, prefix, nameRe, contentRe, minCount, maxCount = Number.POSITIVE_INFINITY } = expected;
  const found = await cloud.objects(expected);
  if (found.length >= minCount && found.length <= maxCount) return [];
  const wanted =
    minCount === maxCount ? `${minCount}` : `${minCount} to ${Number.isFinite(maxCount) ? maxCount : 'any'}`;
  const which = [
    `${kind}: ${prefix}`,
    ...(nameRe ? [`name ~ ${nameRe}`] : []),
    ...(contentRe ? [`content ~ ${contentRe}`] : []),
  ];
  return [`${which.join(', ')}: ${found.length} objects, ${wanted} expected`, ...found.map((url) => `  ${url}`)];
}

async function rowsHold(expected: ExpectedRows, cloud: CaseCloud): Promise<readonly string[]> {
  const what = expected.table ?? expected.query ?? '';
  const rows = await cloud.rows(expected);
  if (!rows) return [`${what}: there is no such table`];
  const [heading, ...lines] = rowDifference(expected, rows);
  return heading === undefined ? [] : [`${what}: ${heading}`, ...lines.map((line) => `  ${line}`)];
}

async function expiryHolds({ table, expires }: TestCase['expectTableMeta'][number], cloud: CaseCloud) {
  const found = await cloud.table(table);
  if (!found) return [`${table}: there is no such table`];
  const has = found.expirationTime !== undefined;
  return has === expires ? [] : [`${table}: ${has ? 'expires, which is not' : 'does not expire, which is'} expected`];
}

async function absenceHolds({ dataset, nameRe, project }: TestCase['expectNoTables'][number], cloud: CaseCloud) {
  const left = (await cloud.tableIds(dataset, project)).filter((id) => patternOf(nameRe).test(id));
  return left.length === 0 ? [] : [`tables left in ${dataset}: ${left.join(', ')}`];
}

function callsHold(expected: TestCase['expectHttp'][number], { calls }: CallReceiver): readonly string[] {
  const { path, method, minCount, bodyRe } = expected;
  const atPath = calls.filter((call) => call.path === path);
  const fit = atPath.filter((call) => call.method === method && (!bodyRe || patternOf(bodyRe).test(call.body)));
  if (fit.length >= minCount) return [];
  const body = bodyRe ? ` with body ~ ${bodyRe}` : '';
  return [
    `${fit.length} calls ${method} ${path}${body}, ${minCount} expected`,
    ...atPath.map((call) => `  ${call.method} ${call.body.slice(0, 200)}`),
  ];
}

async function messagesHold(
  { topic, minCount, attributes, json }: TestCase['expectPubsub'][number],
  topics: ReadonlyMap<string, TopicListener>,
): Promise<readonly string[]> {
  const heard = (await topics.get(topic)?.messages()) ?? [];
  const fit = heard.filter((message) => matches(attributes, message.attributes) && matches(json, message.data));
  if (fit.length >= minCount) return [];
  return [
    `${fit.length} such messages on ${topic}, ${minCount} expected`,
    ...heard.map((message) => `  ${JSON.stringify(message).slice(0, 200)}`),
  ];
}
