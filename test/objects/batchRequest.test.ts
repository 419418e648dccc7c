import fc from 'fast-check';
import { batchBody, parseBatchAnswers } from '../../src/objects/batchRequest';
import type { ObjectChange } from '../../src/objects/objectStore';

/** Calls of a body as a server reads them: content ID, request line, body. */
function calls({ contentType, body }: { contentType: string; body: string }) {
  const boundary = contentType.replace('multipart/mixed; boundary=', '');
  const [preamble, ...parts] = body.split(`--${boundary}`);
  expect([preamble, parts.pop()]).toEqual(['', '--\r\n']);
  return parts.map((part) => {
    const [head = '', request = '', ...rest] = part.trimStart().split('\r\n\r\n');
    const [line = '', ...headers] = request.split('\r\n');
    return { head: head.split('\r\n'), line, headers, body: rest.join('\r\n\r\n').trim() };
  });
}

describe('a change becomes a call', () => {
  test.each<[string, ObjectChange, string, string[], string]>([
    [
      'a delete is a DELETE request',
      { kind: 'delete', url: 'gs://b/d/a.json' },
      'DELETE /storage/v1/b/b/o/d%2Fa.json HTTP/1.1',
      [],
      '',
    ],
    [
      'a delete of one generation names it in the query',
      { kind: 'delete', url: 'gs://b/a', generation: '1700000003000000' },
      'DELETE /storage/v1/b/b/o/a?generation=1700000003000000 HTTP/1.1',
      [],
      '',
    ],
    [
      'special characters of a name are escaped',
      { kind: 'delete', url: 'gs://b/a b?c#é\r\n.json' },
      'DELETE /storage/v1/b/b/o/a%20b%3Fc%23%C3%A9%0D%0A.json HTTP/1.1',
      [],
      '',
    ],
    [
      'a move is a POST request to moveTo',
      { kind: 'move', from: 'gs://b/Running/p:d.t$1/7.run', to: 'gs://b/Done/p:d.t$1/7.run' },
      'POST /storage/v1/b/b/o/Running%2Fp%3Ad.t%241%2F7.run/moveTo/o/Done%2Fp%3Ad.t%241%2F7.run HTTP/1.1',
      ['Content-Length: 0'],
      '',
    ],
    [
      'a move of one generation has a precondition',
      { kind: 'move', from: 'gs://b/a', generation: '17', to: 'gs://b/c' },
      'POST /storage/v1/b/b/o/a/moveTo/o/c?ifSourceGenerationMatch=17 HTTP/1.1',
      ['Content-Length: 0'],
      '',
    ],
    [
      'an annotation is a PATCH request with the metadata',
      { kind: 'annotate', url: 'gs://b/a', metadata: { state: 'é' } },
      'PATCH /storage/v1/b/b/o/a HTTP/1.1',
      ['Content-Type: application/json', 'Content-Length: 27'],
      '{"metadata":{"state":"é"}}',
    ],
  ])('%s', (_name, change, line, headers, body) => {
    expect(calls(batchBody([change]))).toEqual([
      { head: ['Content-Type: application/http', 'Content-ID: <0>'], line, headers, body },
    ]);
  });

  test('calls have the order of the changes, and numbers', () => {
    const changes = ['a', 'b', 'c'].map((name) => ({ kind: 'delete' as const, url: `gs://b/${name}` }));
    expect(calls(batchBody(changes)).map(({ head, line }) => `${head[1]} ${line}`)).toEqual([
      'Content-ID: <0> DELETE /storage/v1/b/b/o/a HTTP/1.1',
      'Content-ID: <1> DELETE /storage/v1/b/b/o/b HTTP/1.1',
      'Content-ID: <2> DELETE /storage/v1/b/b/o/c HTTP/1.1',
    ]);
  });
});

/** As the documentation of Cloud Storage shows an answer. */
const ANSWER = [
  '--batch_pK7JBAk73-E=_AA5eFwv4m2Q=',
  'Content-Type: application/http',
  'Content-ID: <response-0>',
  '',
  'HTTP/1.1 204 No Content',
  'Content-Length: 0',
  '',
  '',
  '--batch_pK7JBAk73-E=_AA5eFwv4m2Q=',
  'Content-Type: application/http',
  'Content-ID: <response-1>',
  '',
  'HTTP/1.1 404 Not Found',
  'Content-Type: application/json; charset=UTF-8',
  'Content-Length: 43',
  '',
  '{',
  ' "error": {"code": 404,',
  '',
  'HTTP/1.1 200 OK"}',
  '}',
  '--batch_pK7JBAk73-E=_AA5eFwv4m2Q=--',
  '',
];

describe('parseBatchAnswers', () => {
  test.each([
    ['an answer with CRLF is parsed', 'multipart/mixed; boundary=batch_pK7JBAk73-E=_AA5eFwv4m2Q=', '\r\n'],
    ['an answer with LF is parsed', 'multipart/mixed; boundary=batch_pK7JBAk73-E=_AA5eFwv4m2Q=', '\n'],
    [
      'an answer with a quoted boundary is parsed',
      'multipart/mixed; boundary="batch_pK7JBAk73-E=_AA5eFwv4m2Q="; charset=UTF-8',
      '\r\n',
    ],
  ])('%s', (_name, contentType, newline) => {
    const body = ['{', ' "error": {"code": 404,', '', 'HTTP/1.1 200 OK"}', '}'].join(newline);
    expect(parseBatchAnswers(contentType, ANSWER.join(newline))).toEqual([
      { index: 0, status: 204, body: '' },
      { index: 1, status: 404, body },
    ]);
  });

  test.each([
    ['<response-3>', 3],
    ['response-3', 3],
    ['<3>', 3],
  ])('the Content-ID %s is that of call %i', (id, index) => {
    const text = `--x\r\ncontent-id: ${id}\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}\r\n--x--`;
    expect(parseBatchAnswers('multipart/mixed; boundary=x', text)).toEqual([{ index, status: 200, body: '{}' }]);
  });

  test.each([
    [
      'that is not multipart',
      'application/json',
      '{}',
      'the answer to a batch request is not multipart but application/json',
    ],
    [
      'without an ID',
      'multipart/mixed; boundary=x',
      '--x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n--x--',
      'lacks its ID or status',
    ],
    [
      'without a status',
      'multipart/mixed; boundary=x',
      '--x\r\nContent-ID: 1\r\n\r\n{}\r\n--x--',
      'lacks its ID or status',
    ],
  ])('an answer %s is refused', (_name, contentType, text, message) => {
    expect(() => parseBatchAnswers(contentType, text)).toThrow(message);
  });
});

test('each change gets its own answer, in any order of the answers', () => {
  const statuses = fc.array(fc.integer({ min: 200, max: 599 }), { maxLength: 100 });
  fc.assert(
    fc.property(statuses, fc.boolean(), (given, reversed) => {
      const changes = given.map((_status, at) => ({ kind: 'delete' as const, url: `gs://b/${at}` }));
      const sent = batchBody(changes);
      const parts = calls(sent).map(({ head }, at) => {
        const id = head[1]?.replace('<', '<response-');
        return `--r\r\n${id}\r\n\r\nHTTP/1.1 ${given[at]} X\r\n\r\n${at}\r\n`;
      });
      const answers = parseBatchAnswers(
        'multipart/mixed; boundary=r',
        `${(reversed ? parts.reverse() : parts).join('')}--r--`,
      );
      expect(answers.sort((a, b) => a.index - b.index)).toEqual(
        given.map((status, index) => ({ index, status, body: `${index}` })),
      );
    }),
  );
});
