import type { ListeningService } from '@bqtail/emulator-kit';
import { PubSub, v1 } from '@google-cloud/pubsub';
import { startPubSub } from '../src/server';

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
  const answer = await fetch(`http://127.0.0.1:${service.port}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

test("Google's client listens to a stream: what is published comes with attributes and key, and again until it is acknowledged", async () => {
  const [topic] = await client.createTopic('streamed');
  const [subscription] = await topic.createSubscription('listener', { ackDeadlineSeconds: 10 });
  const seen: string[] = [];
  const twice = new Promise<void>((resolve) => {
    subscription.on('message', (message) => {
      seen.push(`${message.data} ${message.attributes['kind']} ${message.orderingKey}`);
      if (seen.length === 1) message.nack();
      else message.ack();
      if (seen.length === 2) resolve();
    });
  });
  const id = await topic.publishMessage({ data: Buffer.from('hello'), attributes: { kind: 'test' } });
  await twice;
  await subscription.close();
  expect(id).toMatch(/^\d+$/);
  expect(seen).toEqual(['hello test ', 'hello test ']);
  expect(
    await rest('POST', '/v1/projects/p/subscriptions/listener:pull', { maxMessages: 9, returnImmediately: true }),
  ).toEqual({ status: 200, body: { receivedMessages: [] } });
});

test('what is published by gRPC is pulled by REST, and the other way round', async () => {
  await client.createTopic('shared');
  await rest('PUT', '/v1/projects/p/subscriptions/byRest', { topic: 'projects/p/topics/shared' });
  await client.topic('shared').createSubscription('byGrpc');
  const data = Buffer.from('one').toString('base64');
  const sent = { data, attributes: { a: '1' }, orderingKey: 'k' };
  expect(await rest('POST', '/v1/projects/p/topics/shared:publish', { messages: [sent] })).toMatchObject({
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
  expect(pulled.body).toMatchObject({ receivedMessages: [{ message: sent }] });
  expect((await rest('GET', '/_local/messages')).body).toMatchObject({
    messages: expect.arrayContaining([expect.objectContaining({ topic: 'projects/p/topics/shared', ...sent })]),
  });
});

test('a message whose lease ends comes again', async () => {
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

test("Google's client is told what does not exist, and what exists already", async () => {
  await expect(client.topic('missing').publishMessage({ data: Buffer.from('x') })).rejects.toMatchObject({ code: 5 });
  await client.createTopic('twice');
  await expect(client.createTopic('twice')).rejects.toMatchObject({ code: 6 });
});
