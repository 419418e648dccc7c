import { RunningPubSub } from './runningPubSub';

let pubsub: RunningPubSub;
const PROJECT = 'test-project';
const TOPIC = `projects/${PROJECT}/topics/t`;
const SUBSCRIPTION = `projects/${PROJECT}/subscriptions/s`;

beforeEach(async () => {
  pubsub = await RunningPubSub.start();
  await pubsub.call('PUT', TOPIC, { labels: { a: 'b' } });
  await pubsub.call('PUT', SUBSCRIPTION, { topic: TOPIC, ackDeadlineSeconds: 10 });
});
afterEach(() => pubsub.stop());

interface PullResponse {
  readonly receivedMessages?: readonly { readonly ackId: string; readonly message: { readonly data: string } }[];
}

async function pull(maxMessages: number, returnImmediately = true) {
  const { body } = await pubsub.call<PullResponse>('POST', `${SUBSCRIPTION}:pull`, { maxMessages, returnImmediately });
  return body.receivedMessages ?? [];
}

const publish = (...data: string[]) => pubsub.publish(TOPIC, ...data);
const acknowledge = (ackId: string | undefined) =>
  pubsub.call('POST', `${SUBSCRIPTION}:acknowledge`, { ackIds: [ackId] });

test('a published message is pulled only once while it is leased', async () => {
  const { body } = await publish('MQ==', 'Mg==', 'Mw==');
  expect(new Set(body.messageIds).size).toBe(3);
  expect((await pull(2)).map(({ message }) => message.data)).toEqual(['MQ==', 'Mg==']);
  expect((await pull(2)).map(({ message }) => message.data)).toEqual(['Mw==']);
  expect(await pull(2)).toEqual([]);
});

test('a deadline of zero returns a message, and an acknowledgement ends it, also after a restart', async () => {
  await publish('MQ==');
  const [first] = await pull(1);
  await pubsub.call('POST', `${SUBSCRIPTION}:modifyAckDeadline`, { ackIds: [first?.ackId], ackDeadlineSeconds: 0 });
  const [again] = await pull(1, false);
  expect(again?.message.data).toBe('MQ==');
  await acknowledge(again?.ackId);
  await pubsub.shut();
  await pubsub.open();
  expect(await pull(1)).toEqual([]);
});

test('after a restart, an acknowledgement of an earlier lease does not end another message', async () => {
  await publish('MQ==', 'Mg==');
  const [first] = await pull(1);
  await pubsub.shut();
  await pubsub.open();
  expect((await pull(2)).map(({ message }) => message.data)).toEqual(['MQ==', 'Mg==']);
  await acknowledge(first?.ackId);
  await pubsub.shut();
  await pubsub.open();
  expect(await pull(2)).toHaveLength(2);
});

test('a pull call waits for a message', async () => {
  const pulled = pull(1, false);
  await publish('MQ==');
  expect((await pulled).map(({ message }) => message.data)).toEqual(['MQ==']);
});

test('topics and subscriptions are shown, listed and deleted', async () => {
  expect((await pubsub.call('GET', TOPIC)).body).toEqual({ name: TOPIC, labels: { a: 'b' } });
  expect((await pubsub.call('GET', `projects/${PROJECT}/topics`)).body).toMatchObject({ topics: [{ name: TOPIC }] });
  expect((await pubsub.call('GET', `${TOPIC}/subscriptions`)).body).toEqual({ subscriptions: [SUBSCRIPTION] });
  expect((await pubsub.call('GET', SUBSCRIPTION)).body).toMatchObject({
    name: SUBSCRIPTION,
    topic: TOPIC,
    pushConfig: {},
  });
  expect((await pubsub.call('GET', `projects/${PROJECT}/subscriptions`)).body).toMatchObject({
    subscriptions: [{ name: SUBSCRIPTION }],
  });
  expect((await pubsub.call('DELETE', TOPIC)).status).toBe(200);
  expect((await pubsub.call('GET', SUBSCRIPTION)).body).toMatchObject({ topic: '_deleted-topic_' });
  expect((await pubsub.call('DELETE', SUBSCRIPTION)).status).toBe(200);
  expect((await pubsub.call('GET', SUBSCRIPTION)).status).toBe(404);
});

test('topics, subscriptions and messages survive a restart, deleted ones do not come back', async () => {
  await pubsub.call('PUT', `${TOPIC}2`, {});
  await pubsub.call('PUT', `${SUBSCRIPTION}2`, { topic: `${TOPIC}2` });
  await publish('MQ==');
  await pubsub.publish(`${TOPIC}2`, 'Mg==');
  await pubsub.call('DELETE', `${SUBSCRIPTION}2`);
  await pubsub.call('DELETE', `${TOPIC}2`);
  await pubsub.shut();
  await pubsub.open();
  expect((await pubsub.call('GET', `projects/${PROJECT}/topics`)).body).toEqual({
    topics: [{ name: TOPIC, labels: { a: 'b' } }],
  });
  expect((await pubsub.call('GET', `${SUBSCRIPTION}2`)).status).toBe(404);
  expect((await pull(9)).map(({ message }) => message.data)).toEqual(['MQ==']);
});

test.each([
  ['PUT', TOPIC, {}, 409, 'ALREADY_EXISTS'],
  ['GET', `${TOPIC}x`, undefined, 404, 'NOT_FOUND'],
  ['PUT', `${SUBSCRIPTION}2`, { topic: `${TOPIC}x` }, 404, 'NOT_FOUND'],
  ['PUT', `${SUBSCRIPTION}2`, { topic: TOPIC, pushConfig: { pushEndpoint: 'nowhere' } }, 400, 'INVALID_ARGUMENT'],
  ['POST', `${TOPIC}:publish`, { messages: [] }, 400, 'INVALID_ARGUMENT'],
])('%s %s is refused as Pub/Sub does (%#)', async (method, name, body, status, reason) => {
  const answer = await pubsub.call(method, name, body);
  expect([answer.status, answer.body]).toMatchObject([status, { error: { status: reason } }]);
});
