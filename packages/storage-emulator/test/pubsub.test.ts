import { PROJECT, RunningStorage } from './runningStorage';

let storage: RunningStorage;
const TOPIC = `projects/${PROJECT}/topics/t`;
const SUBSCRIPTION = `projects/${PROJECT}/subscriptions/s`;

beforeEach(async () => {
  storage = await RunningStorage.start();
  await storage.call('PUT', `/v1/${TOPIC}`, { labels: { a: 'b' } });
  await storage.call('PUT', `/v1/${SUBSCRIPTION}`, { topic: TOPIC, ackDeadlineSeconds: 10 });
});
afterEach(() => storage.stop());

interface Received {
  readonly receivedMessages?: readonly { readonly ackId: string; readonly message: { readonly data: string } }[];
}

async function pull(maxMessages: number, returnImmediately = true) {
  const { body } = await storage.call<Received>('POST', `/v1/${SUBSCRIPTION}:pull`, { maxMessages, returnImmediately });
  return body.receivedMessages ?? [];
}

const publish = (...data: string[]) =>
  storage.call<{ messageIds: string[] }>('POST', `/v1/${TOPIC}:publish`, {
    messages: data.map((item) => ({ data: item })),
  });

test('what is published is pulled once while it is leased', async () => {
  const { body } = await publish('MQ==', 'Mg==', 'Mw==');
  expect(new Set(body.messageIds).size).toBe(3);
  expect((await pull(2)).map(({ message }) => message.data)).toEqual(['MQ==', 'Mg==']);
  expect((await pull(2)).map(({ message }) => message.data)).toEqual(['Mw==']);
  expect(await pull(2)).toEqual([]);
});

test('a deadline of zero gives a message back, an acknowledgement ends it', async () => {
  await publish('MQ==');
  const [first] = await pull(1);
  await storage.call('POST', `/v1/${SUBSCRIPTION}:modifyAckDeadline`, {
    ackIds: [first?.ackId],
    ackDeadlineSeconds: 0,
  });
  const [again] = await pull(1, false);
  expect(again?.message.data).toBe('MQ==');
  await storage.call('POST', `/v1/${SUBSCRIPTION}:acknowledge`, { ackIds: [again?.ackId] });
  await storage.shut();
  await storage.open();
  expect(await pull(1)).toEqual([]);
});

test('a pull waits for a message', async () => {
  const pulled = pull(1, false);
  await publish('MQ==');
  expect((await pulled).map(({ message }) => message.data)).toEqual(['MQ==']);
});

test('topics and subscriptions are shown, listed and deleted', async () => {
  expect((await storage.call('GET', `/v1/${TOPIC}`)).body).toEqual({ name: TOPIC, labels: { a: 'b' } });
  expect((await storage.call('GET', `/v1/projects/${PROJECT}/topics`)).body).toMatchObject({
    topics: [{ name: TOPIC }],
  });
  expect((await storage.call('GET', `/v1/${SUBSCRIPTION}`)).body).toMatchObject({
    name: SUBSCRIPTION,
    topic: TOPIC,
    pushConfig: {},
  });
  expect((await storage.call('GET', `/v1/projects/${PROJECT}/subscriptions`)).body).toMatchObject({
    subscriptions: [{ name: SUBSCRIPTION }],
  });
  expect((await storage.call('DELETE', `/v1/${TOPIC}`)).status).toBe(200);
  expect((await storage.call('GET', `/v1/${SUBSCRIPTION}`)).body).toMatchObject({ topic: '_deleted-topic_' });
  expect((await storage.call('DELETE', `/v1/${SUBSCRIPTION}`)).status).toBe(200);
  expect((await storage.call('GET', `/v1/${SUBSCRIPTION}`)).status).toBe(404);
});

test.each([
  ['PUT', TOPIC, {}, 409, 'ALREADY_EXISTS'],
  ['GET', `${TOPIC}x`, undefined, 404, 'NOT_FOUND'],
  ['PUT', `${SUBSCRIPTION}2`, { topic: `${TOPIC}x` }, 404, 'NOT_FOUND'],
  ['PUT', `${SUBSCRIPTION}2`, { topic: TOPIC, pushConfig: { pushEndpoint: 'nowhere' } }, 400, 'INVALID_ARGUMENT'],
  ['POST', `${TOPIC}:publish`, { messages: [] }, 400, 'INVALID_ARGUMENT'],
])('%s %s: refused as Pub/Sub does (%#)', async (method, name, body, status, reason) => {
  const answer = await storage.call(method, `/v1/${name}`, body);
  expect([answer.status, answer.body]).toMatchObject([status, { error: { status: reason } }]);
});
