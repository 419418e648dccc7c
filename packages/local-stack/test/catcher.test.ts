import type { ListeningService } from '@bqtail/emulator-kit';
import { WebClient } from '@slack/web-api';
import { startCatcher } from '../src/catcher/server';

let service: ListeningService;
let url: string;

beforeAll(async () => {
  service = await startCatcher({ port: 0 });
  url = `http://127.0.0.1:${service.port}`;
});
afterAll(() => service.close());

test('a request to any path is echoed with the requested status, and shown without its credentials', async () => {
  const headers = { authorization: 'Bearer hidden', 'content-type': 'application/json' };
  const answer = await fetch(`${url}/a/b?status=503`, { method: 'PUT', headers, body: '{"a":"<b>"}' });
  expect([answer.status, await answer.json()]).toEqual([503, { a: '<b>' }]);
  const shown = await (await fetch(url)).text();
  expect(JSON.parse(shown)).toMatchObject({
    requests: [{ method: 'PUT', path: '/a/b?status=503', body: '{"a":"<b>"}' }],
  });
  const page = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
  expect(page).toContain('{&quot;a&quot;:&quot;&lt;b&gt;&quot;}');
  expect(shown + page).not.toContain('hidden');
});

test("Slack's client posts messages and files with a token of Slack's form, and no other", async () => {
  const slackApiUrl = `${url}/slack/api/`;
  const client = new WebClient('xoxb-1', { slackApiUrl });
  const { channel } = await client.chat.postMessage({ channel: '#c', text: 't', attachments: [{ text: 'below' }] });
  await client.filesUploadV2({ channel_id: channel ?? '', title: 'f', filename: 'f.txt', content: 'content' });
  const { slack } = (await (await fetch(url)).json()) as { slack: unknown };
  expect(slack).toMatchObject([
    { channel: '#c', text: 't', body: 'below' },
    { channel: 'CC', text: 'f', body: 'content', filename: 'f.txt' },
  ]);
  const stranger = new WebClient('no', { slackApiUrl, retryConfig: { retries: 0 } });
  await expect(stranger.auth.test()).rejects.toThrow('invalid_auth');
});
