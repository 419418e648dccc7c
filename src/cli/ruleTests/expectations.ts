import type { CallReceiver } from './callReceiver';
import type { CaseCloud } from './caseCloud';
import { matches, patternOf } from './matching';
import { rowDifference } from './rowDifference';
import type { ExpectedObjects, ExpectedRows, TestCase } from './testCase';
import type { TopicListener } from './topicListener';

/** Sources that expectations are compared with. */
export interface Observed {
  readonly cloud: CaseCloud;
  readonly calls: CallReceiver;
  /** By topic. */
  readonly topics: ReadonlyMap<string, TopicListener>;
}

/** Checks one expectation. Returns lines that describe how it is not met; none when it is met. */
export type Expectation = () => Promise<readonly string[]>;

/** The expectations of a case, the cheapest first. */
export function expectationsOf(testCase: TestCase, { cloud, calls, topics }: Observed): readonly Expectation[] {
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
  const urls = await cloud.objects(expected);
  if (urls.length >= minCount && urls.length <= maxCount) return [];
  const wanted =
    minCount === maxCount ? `${minCount}` : `${minCount} to ${Number.isFinite(maxCount) ? maxCount : 'any'}`;
  const which = [
    `${kind}: ${prefix}`,
    ...(nameRe ? [`name ~ ${nameRe}`] : []),
    ...(contentRe ? [`content ~ ${contentRe}`] : []),
  ];
  return [`${which.join(', ')}: ${urls.length} objects, ${wanted} expected`, ...urls.map((url) => `  ${url}`)];
}

async function rowsHold(expected: ExpectedRows, cloud: CaseCloud): Promise<readonly string[]> {
  const what = expected.table ?? expected.query ?? '';
  const rows = await cloud.rows(expected);
  if (!rows) return [`${what}: the table does not exist`];
  const [heading, ...lines] = rowDifference(expected, rows);
  return heading === undefined ? [] : [`${what}: ${heading}`, ...lines.map((line) => `  ${line}`)];
}

async function expiryHolds({ table, expires }: TestCase['expectTableMeta'][number], cloud: CaseCloud) {
  const resource = await cloud.table(table);
  if (!resource) return [`${table}: the table does not exist`];
  const has = resource.expirationTime !== undefined;
  return has === expires ? [] : [`${table}: ${has ? 'expires, but should not' : 'does not expire, but should'}`];
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
  const published = (await topics.get(topic)?.messages()) ?? [];
  const fit = published.filter((message) => matches(attributes, message.attributes) && matches(json, message.data));
  if (fit.length >= minCount) return [];
  return [
    `${fit.length} such messages on ${topic}, ${minCount} expected`,
    ...published.map((message) => `  ${JSON.stringify(message).slice(0, 200)}`),
  ];
}
