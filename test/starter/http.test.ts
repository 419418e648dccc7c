import fc from 'fast-check';
import { bridgeApp } from '../../src/starter/http';
import type { ObjectEvent } from '../../src/starter/objectEvent';
import type { EventResponse } from '../../src/starter/response';
import { EVENT, FINALIZED, push, RESOURCE } from './support';

const OK: EventResponse = {
  Status: 'ok',
  EventID: '1',
  TriggerURL: 'gs://my-trigger/data/a.json',
  Started: '2023-11-14T22:13:24.000Z',
  TimeTakenMs: 1,
  RuleCount: 1,
};

function bridge(response: EventResponse = OK) {
  const events: ObjectEvent[] = [];
  const responses: EventResponse[] = [];
  const invalid: string[] = [];
  const app = bridgeApp({
    handle: async (event) => {
      events.push(event);
      return response;
    },
    onResponse: (sent) => responses.push(sent),
    onInvalid: (reason) => invalid.push(reason),
  });
  const post = async (body: unknown, headers: Record<string, string> = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await app.request('/', { method: 'POST', body: text, headers });
    return { status: answer.status, body: await answer.json() };
  };
  return { app, post, events, responses, invalid };
}

describe('an event is handled and acknowledged when it is', () => {
  const structured = 'application/cloudevents+json';
  test.each([
    ['a Pub/Sub push message', push(), {}],
    ['a Pub/Sub push message with content type text', push(), { 'content-type': 'text/plain' }],
    ['a binary CloudEvent', RESOURCE, { 'ce-id': EVENT.sourceId, 'ce-type': FINALIZED, 'ce-specversion': '1.0' }],
    [
      'a structured CloudEvent',
      { specversion: '1.0', id: EVENT.sourceId, type: FINALIZED, data: RESOURCE },
      { 'content-type': `${structured}; charset=utf-8` },
    ],
  ])('%s', async (_name, body, headers) => {
    const { post, events, responses, invalid } = bridge();
    expect(await post(body, headers)).toEqual({ status: 200, body: OK });
    expect(events).toEqual([EVENT]);
    expect(responses).toEqual([OK]);
    expect(invalid).toEqual([]);
  });
});

test.each([
  ['an error that a retry cannot repair is acknowledged', { ...OK, Status: 'error', Error: 'two rules' }, 200],
  [
    'an error that a retry may repair asks for the event again',
    { ...OK, Status: 'error', Error: 'Temporal is out', Retriable: true },
    503,
  ],
] as const)('%s', async (_name, response, status) => {
  const { post, responses } = bridge(response);
  expect(await post(push())).toEqual({ status, body: response });
  expect(responses).toEqual([response]);
});

describe('a request that is not an event is acknowledged with an error', () => {
  test.each([
    ['an empty body', '', {}, 'the request body is not JSON'],
    ['invalid JSON', '{', {}, 'the request body is not JSON'],
    ['JSON that is not an event', '{}', {}, 'Pub/Sub push message: message: '],
    ['a binary CloudEvent of another kind', '{}', { 'ce-type': FINALIZED }, 'object resource: bucket: '],
    [
      'a structured CloudEvent that is null',
      'null',
      { 'content-type': 'application/cloudevents+json' },
      'CloudEvent: as a whole: ',
    ],
    [
      'a structured CloudEvent with an invalid ID',
      '{"id":{"toString":1},"type":"x"}',
      { 'content-type': 'application/cloudevents+json' },
      'CloudEvent: id: ',
    ],
  ])('%s', async (_name, body, headers, message) => {
    const { post, events, responses, invalid } = bridge();
    const reason = expect.stringContaining(message);
    expect(await post(body, headers)).toEqual({ status: 200, body: { Status: 'error', Error: reason } });
    expect(invalid).toEqual([reason]);
    expect(events).toEqual([]);
    expect(responses).toEqual([]);
  });
});

test.each([
  ['a body that is too large', 'x'.repeat(1024 * 1024 + 1), {}],
  ['a body whose content length is too large', '{}', { 'content-length': '1048577' }],
])('%s is refused', async (_name, body, headers) => {
  const { post, events, invalid } = bridge();
  const reason = 'the request body is larger than 1048576 bytes';
  expect(await post(body, headers)).toEqual({ status: 413, body: { Status: 'error', Error: reason } });
  expect(invalid).toEqual([reason]);
  expect(events).toEqual([]);
});

test('a body of the largest size is read', async () => {
  const { post, events } = bridge();
  const body = JSON.stringify(push());
  expect(await post(body.padEnd(1024 * 1024))).toMatchObject({ status: 200, body: { Status: 'ok' } });
  expect(events).toHaveLength(1);
});

describe('another request gets 404 with the path for events', () => {
  test.each([
    ['POST', '/events'],
    ['GET', '/'],
    ['PUT', '/'],
    ['DELETE', '/healthz'],
  ])('%s %s', async (method, path) => {
    const answer = await bridge().app.request(path, { method });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({ Error: `${method} ${path}: events go to POST /` });
  });
});

test('GET /healthz answers ok', async () => {
  const answer = await bridge().app.request('/healthz');
  expect([answer.status, await answer.text()]).toEqual([200, 'ok']);
});

test('the response is 200 for any body and headers of an event', async () => {
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((value) => JSON.stringify(push(value))),
  );
  const headers = fc.constantFrom<Record<string, string>>(
    {},
    { 'ce-type': FINALIZED, 'ce-id': 'x' },
    { 'content-type': 'application/cloudevents+json' },
  );
  await fc.assert(
    fc.asyncProperty(body, headers, async (text, given) => {
      expect((await bridge().post(text, given)).status).toBe(200);
    }),
  );
});
