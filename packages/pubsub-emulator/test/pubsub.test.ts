import type { ListeningService } from '@bqtail/emulator-kit';
import { PubSub, v1 } from '@google-cloud/pubsub';
import { until } from '../../emulator-kit/test/until';
import { startPubSub } from '../src/server';
import { PushEndpoint } from './pushEndpoint';

let service: ListeningService;
let client: PubSub;

beforeAll(async () => {
  service = await startPubSub({ port: 0 });
  process.env['PUBSUB_EMULATOR_HOST'] = `127.0.0.1:${service.port}`;
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  client = new PubSub({ projectId: 'p' });
});
afterAll(async () => {
  await client.close();
  await service.close();
});

async function rest(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`http://127.0.0.1:${service.port}${path}`, { method, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

test("Google's client receives messages by a stream, with attributes and ordering key, until it acknowledges them", async () => {
  const [topic] = await client.createTopic('streamed');
  const [subscription] = await topic.createSubscription('listener', { ackDeadlineSeconds: 10 });
  const received: string[] = [];
  const twice = new Promise<void>((resolve) => {
    subscription.on('message', (message) => {
      received.push(`${message.data} ${message.attributes['kind']} ${message.orderingKey}`);
      if (received.length === 1) message.nack();
      else message.ack();
      if (received.length === 2) resolve();
    });
  });
  const id = await topic.publishMessage({ data: Buffer.from('hello'), attributes: { kind: 'test' } });
  await twice;
  await subscription.close();
  expect(id).toMatch(/^\d+$/);
  expect(received).toEqual(['hello test ', 'hello test ']);
  expect(
    await rest('POST', '/v1/projects/p/subscriptions/listener:pull', { maxMessages: 9, returnImmediately: true }),
  ).toEqual({ status: 200, body: { receivedMessages: [] } });
});

test('a message that is published by REST is pulled by gRPC and by REST', async () => {
  await client.createTopic('shared');
  await rest('PUT', '/v1/projects/p/subscriptions/byRest', { topic: 'projects/p/topics/shared' });
  await client.topic('shared').createSubscription('byGrpc');
  const data = Buffer.from('one').toString('base64');
  const message = { data, attributes: { a: '1' }, orderingKey: 'k' };
  expect(await rest('POST', '/v1/projects/p/topics/shared:publish', { messages: [message] })).toMatchObject({
    status: 200,
  });

  const subscriber = new v1.SubscriberClient({ ...client.options, port: service.port });
  const [{ receivedMessages }] = await subscriber.pull({
    subscription: 'projects/p/subscriptions/byGrpc',
    maxMessages: 5,
  });
  expect(
    receivedMessages?.map(({ message }) => [String(message?.data), message?.attributes, message?.orderingKey]),
  ).toEqual([['one', { a: '1' }, 'k']]);
  await subscriber.close();
  const pulled = await rest('POST', '/v1/projects/p/subscriptions/byRest:pull', { maxMessages: 5 });
  expect(pulled.body).toMatchObject({ receivedMessages: [{ message }] });
  expect((await rest('GET', '/_local/messages')).body).toMatchObject({
    messages: expect.arrayContaining([expect.objectContaining({ topic: 'projects/p/topics/shared', ...message })]),
  });
});

test('a message whose lease ends is delivered again', async () => {
  await client.createTopic('leased');
  await rest('PUT', '/v1/projects/p/subscriptions/leased', {
    topic: 'projects/p/topics/leased',
    ackDeadlineSeconds: 1,
  });
  await client.topic('leased').publishMessage({ data: Buffer.from('again') });
  const pull = () => rest('POST', '/v1/projects/p/subscriptions/leased:pull', { maxMessages: 1 });
  const first = await pull();
  const second = await pull();
  expect(first.body).toMatchObject({ receivedMessages: [{ ackId: '1' }] });
  expect(second.body).toMatchObject({ receivedMessages: [{ ackId: '2', message: { data: expect.any(String) } }] });
});

test.each([
  ['GET', '/v1/projects/p/topics/nowhere', undefined, 404, 'NOT_FOUND'],
  ['POST', '/v1/projects/p/topics/nowhere:publish', { messages: [{ data: '' }] }, 404, 'NOT_FOUND'],
  ['POST', '/v1/projects/p/topics/nowhere:publish', { messages: 1 }, 400, 'INVALID_ARGUMENT'],
  ['PUT', '/v1/projects/p/subscriptions/s', { topic: 'projects/p/topics/nowhere' }, 404, 'NOT_FOUND'],
])('%s %s %j is refused as %d %s', async (method, path, body, code, status) => {
  expect(await rest(method, path, body)).toMatchObject({ status: code, body: { error: { code, status } } });
});

test("Google's client receives the errors of the service for topics that do not exist or exist already", async () => {
  await expect(client.topic('missing').publishMessage({ data: Buffer.from('x') })).rejects.toMatchObject({ code: 5 });
  await client.createTopic('twice');
  await expect(client.createTopic('twice')).rejects.toMatchObject({ code: 6 });
});

test("Google's client makes a push subscription and changes its endpoint", async () => {
  const [topic] = await client.createTopic('pushed', {});
  const endpoint = new PushEndpoint();
  const [subscription] = await topic.createSubscription('pushed', {
    pushConfig: { pushEndpoint: 'http://127.0.0.1:9/nobody' },
    retryPolicy: { minimumBackoff: { seconds: 0, nanos: 10_000_000 }, maximumBackoff: { seconds: 1 } },
    labels: { team: 'a' },
  });
  await topic.publishMessage({ data: Buffer.from('x') });
  await subscription.modifyPushConfig({ pushEndpoint: await endpoint.listen() });
  await until(() => endpoint.received.length > 0, 'the message arrives');
  expect(endpoint.received).toMatchObject([
    { subscription: 'projects/p/subscriptions/pushed', message: { data: 'eA==' } },
  ]);
  const [metadata] = await subscription.getMetadata();
  expect(metadata).toMatchObject({
    topic: 'projects/p/topics/pushed',
    pushConfig: { pushEndpoint: expect.stringMatching(/push$/) },
    retryPolicy: { minimumBackoff: { nanos: 10_000_000 }, maximumBackoff: { seconds: '1' } },
    labels: { team: 'a' },
    state: 'ACTIVE',
  });
  expect((await topic.getSubscriptions())[0].map(({ name }) => name)).toEqual(['projects/p/subscriptions/pushed']);
  await endpoint.close();
});
