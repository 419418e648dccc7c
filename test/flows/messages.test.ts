import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { PubSub, type Subscription } from '@google-cloud/pubsub';
import type { WorkflowHandle } from '@temporalio/client';
import { useApp } from './support/useApp';
import { waitFor } from './support/waitFor';

interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Caught {
  readonly slack: readonly Record<string, string>[];
}

const app = useApp();
let server: Server;
let base: string;
let pubsub: PubSub;
const calls: Call[] = [];
const received: { readonly data: string; readonly attributes: object; readonly orderingKey: string }[] = [];
const topic = `topic-${process.pid}`;
let subscription: Subscription;

/** An HTTP service: `/busy` answers 503 at first, `/hang` nothing at first, and `/refuse` 404. */
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', url = '', headers } = request;
    const before = calls.filter((call) => call.url === url).length;
    calls.push({ method, url, headers, body });
    if (url.startsWith('/hang') && before === 0) return;
    response.statusCode = url === '/refuse' ? 404 : url === '/busy' && before === 0 ? 503 : 200;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ id: 41, said: headers.authorization }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  process.env['PUBSUB_EMULATOR_HOST'] = app().services.pubsub;
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  pubsub = new PubSub({ projectId: app().names.project });
  const [made] = await pubsub.createTopic(topic);
  [subscription] = await made.createSubscription(topic);
  subscription.on('message', (message) => {
    const { attributes, orderingKey = '' } = message;
    received.push({ data: message.data.toString(), attributes, orderingKey });
    message.ack();
  });
});
afterAll(async () => {
  await subscription?.close();
  await pubsub?.close();
  await new Promise((done) => server.close(done).closeAllConnections());
});

async function slackPosts(channel: string): Promise<Caught['slack']> {
  const { slack } = (await (await fetch(app().services.catcher)).json()) as Caught;
  return slack.filter((post) => post['channel'] === channel);
}

/** The whole history as text, with its payloads. */
async function historyText(handle: WorkflowHandle): Promise<string> {
  const texts: string[] = [];
  const walk = (value: unknown): void => {
    if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString());
    else if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) walk(item);
  };
  walk(await handle.fetchHistory());
  return texts.join('\n');
}

/** Uploads a file for a rule with these actions. @returns its workflow */
async function load(name: string, actions: object): Promise<{ handle: WorkflowHandle; dest: string; url: string }> {
  const dest = await app().createTable(name);
  await app().writeRules(name, { When: { Prefix: `/${name}/` }, Async: true, Dest: { Table: dest }, ...actions });
  const url = await app().upload(`${name}/a.json`, [{ id: 1, name: 'one' }]);
  return { handle: app().temporal.workflow.getHandle(await app().workflowId(dest)), dest, url };
}

test('a Slack message and a Pub/Sub message contain the answer of a call, and no secret is in history, journal or log', async () => {
  const report = await app().createTable('answered');
  const { handle, dest, url } = await load('rich', {
    OnSuccess: [
      {
        Action: 'call',
        Request: {
          URL: `${base}/busy`,
          Method: 'POST',
          Headers: {
            Authorization: `Bearer LITERAL-SECRET \${env:BQTAIL_SLACK_TOKEN}`,
            'X-Dest': '$DestTable',
          },
          Body: { files: '$LoadURIs', event: '$EventID' },
        },
        OnSuccess: [
          {
            Action: 'notify',
            Request: {
              Channels: ['#rich'],
              Title: 'Loaded $DestTable: $StatusCode',
              Message: `ID \${Data.id + 1}, said $Data.said`,
              From: 'bqtail',
              Filename: 'response.json',
              Body: '$Response',
            },
          },
          {
            Action: 'push',
            Request: {
              Topic: topic,
              Message: { ID: '$Data.id', URIs: '$LoadURIs' },
              Attributes: { Status: '$StatusCode' },
              OrderingKey: '$DestTable',
            },
            OnSuccess: [
              { Action: 'query', Request: { SQL: `SELECT $MessageIDs[0] AS id, 'pushed' AS name`, Dest: report } },
            ],
          },
        ],
      },
      { Action: 'delete' },
    ],
  });
  expect(await handle.result()).toMatchObject({ dest, files: 1, rows: 1 });

  const tried = calls.filter((call) => call.url === '/busy');
  expect(tried).toHaveLength(2);
  expect(tried[1]).toMatchObject({
    method: 'POST',
    headers: {
      authorization: 'Bearer LITERAL-SECRET xoxb-local',
      'x-dest': dest,
      'content-type': 'application/json',
      'idempotency-key': tried[0]?.headers['idempotency-key'],
    },
  });
  expect(JSON.parse(tried[1]?.body ?? '')).toEqual({ files: [url], event: expect.stringMatching(/^\d+$/) });

  const [message, file] = [...(await slackPosts('#rich')), ...(await slackPosts('CRICH'))];
  expect(message).toMatchObject({
    text: `Loaded ${dest}: 200`,
    body: expect.stringMatching(/^ID 42, said /),
    from: 'bqtail',
  });
  expect(message?.['body']).not.toContain('xoxb-local');
  expect(file).toMatchObject({ filename: 'response.json' });
  expect(JSON.parse(file?.['body'] ?? '')).toMatchObject({ Status: 'ok', DestTable: dest, Rows: 1 });

  await waitFor('the message', () => received.length > 0);
  expect(received).toEqual([
    { data: JSON.stringify({ ID: 41, URIs: [url] }), attributes: { Status: '200' }, orderingKey: dest },
  ]);
  expect(await app().rows(report)).toEqual([{ id: expect.any(Number), name: 'pushed' }]);
  expect(await app().objects(app().names.triggerBucket)).not.toContain(url);

  const journal = await app().objects(app().names.opsBucket);
  const texts = await Promise.all(
    journal.map(async (name) =>
      JSON.stringify(
        await app()
          .readJson(name)
          .catch(() => ''),
      ),
    ),
  );
  for (const text of [await historyText(handle), texts.join(), JSON.stringify(app().lines)]) {
    expect(text).not.toContain('LITERAL-SECRET');
    expect(text).not.toContain('xoxb-local');
  }
});

test('a refused message fails the process for good, and OnFailure runs', async () => {
  const [call, slack, push, host] = await Promise.all([
    load('refused', {
      OnSuccess: [
        {
          Action: 'call',
          Request: { URL: `${base}/refuse` },
          OnFailure: [{ Action: 'notify', Request: { Channels: '#refused', Title: 'Failed', Message: '$Error' } }],
        },
        { Action: 'delete' },
      ],
    }),
    load('unposted', {
      OnSuccess: [{ Action: 'notify', Request: { Channels: '#x', Title: 't', Message: 'm', Token: 'BAD-SECRET' } }],
    }),
    load('unpushed', { OnSuccess: [{ Action: 'push', Request: { Topic: 'nowhere', Data: 'x' } }] }),
    load('forbidden', {
      OnSuccess: [{ Action: 'call', Request: { URL: 'http://169.254.169.254/computeMetadata/v1/' } }],
    }),
  ]);
  const failure = (type: string, text: string) => ({ cause: { type, message: expect.stringContaining(text) } });
  await expect(call.handle.result()).rejects.toMatchObject(failure('ActionFailed', '/refuse answered 404'));
  await expect(slack.handle.result()).rejects.toMatchObject(failure('PermissionDenied', 'invalid_auth'));
  await expect(push.handle.result()).rejects.toMatchObject(failure('NotFound', 'topics/nowhere'));
  await expect(host.handle.result()).rejects.toMatchObject(failure('RuleInvalid', 'linkLocal address'));
  expect(await slackPosts('#refused')).toMatchObject([
    { text: 'Failed', body: expect.stringContaining('answered 404') },
  ]);
  expect(await historyText(slack.handle)).not.toContain('BAD-SECRET');
  expect(await app().objects(app().names.triggerBucket)).toContain(call.url);
  expect(await app().rows(call.dest)).toEqual([{ id: 1, name: 'one' }]);
});

test('another worker repeats the call of a killed one with the same key', async () => {
  const { handle, dest } = await load('hung', {
    OnSuccess: [
      { Action: 'call', Request: { URL: `${base}/hang/hung`, Method: 'PUT', Body: 'x' } },
      { Action: 'delete' },
    ],
  });
  const made = () => calls.filter((call) => call.url === '/hang/hung');
  await waitFor('the call', () => made().length === 1);
  await app().app.worker.kill();
  const another = await app().app.startWorker();
  app().collect(another.process.stdout);
  expect(await handle.result()).toMatchObject({ dest, rows: 1 });
  expect(made()).toHaveLength(2);
  expect(made()[1]).toMatchObject({ method: 'PUT', body: 'x' });
  expect(made()[1]?.headers['idempotency-key']).toBe(made()[0]?.headers['idempotency-key']);
  expect(await app().rows(dest)).toHaveLength(1);
});
