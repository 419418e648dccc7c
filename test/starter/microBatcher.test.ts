import fc from 'fast-check';
import { MicroBatcher } from '../../src/starter/microBatcher';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A batcher whose requests wait until they are released, and return the text of their items. */
function batcher(delayMs = 20, maxItems = 3) {
  const sent: string[] = [];
  const held: { release: () => void; fail: (error: Error) => void }[] = [];
  const made = new MicroBatcher<string, string>(
    (key, items) => {
      const text = `${key}:${items.join('')}`;
      sent.push(text);
      return new Promise((resolve, reject) => held.push({ release: () => resolve(text), fail: reject }));
    },
    delayMs,
    maxItems,
  );
  const release = async () => {
    held.shift()?.release();
    await jest.advanceTimersByTimeAsync(0);
  };
  return { made, sent, held, release };
}

test('items that arrive within the delay are sent together, and each gets the result', async () => {
  const { made, sent, release } = batcher();
  const answers = Promise.all([made.add('w', 'a'), made.add('w', 'b')]);
  await jest.advanceTimersByTimeAsync(19);
  expect(sent).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(sent).toEqual(['w:ab']);
  await release();
  await expect(answers).resolves.toEqual(['w:ab', 'w:ab']);
});

test('requests of different keys do not wait for each other', async () => {
  const { made, sent, held } = batcher();
  void made.add('v', 'a');
  void made.add('w', 'b');
  await jest.advanceTimersByTimeAsync(20);
  expect(sent).toEqual(['v:a', 'w:b']);
  expect(held).toHaveLength(2);
});

test('items that arrive during a request are sent in the next one, in order and without a delay', async () => {
  const { made, sent, release } = batcher();
  void made.add('w', 'a');
  await jest.advanceTimersByTimeAsync(20);
  for (const item of ['b', 'c']) void made.add('w', item);
  await jest.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual(['w:a']);
  await release();
  expect(sent).toEqual(['w:a', 'w:bc']);
});

test('no request has more than maxItems items', async () => {
  const { made, sent, release } = batcher();
  for (const item of 'abcdefg') void made.add('w', item);
  await jest.advanceTimersByTimeAsync(20);
  await release();
  await release();
  await release();
  expect(sent).toEqual(['w:abc', 'w:def', 'w:g']);
});

test.each([
  ['items are sent together up to the maximum size', ['aa', 'bb', 'c'], ['w:aabb', 'w:c']],
  ['an item that is larger than the maximum is sent alone', ['a', 'bbbbbb', 'c'], ['w:a', 'w:bbbbbb', 'w:c']],
])('%s', async (_name, items, expected) => {
  const sent: string[] = [];
  const send = async (key: string, texts: readonly string[]) => sent.push(`${key}:${texts.join('')}`);
  const made = new MicroBatcher<string, number>(send, 20, 3, { max: 4, of: (text) => text.length });
  const answers = Promise.all(items.map((item) => made.add('w', item)));
  await jest.advanceTimersByTimeAsync(20);
  await answers;
  expect(sent).toEqual(expected);
});

test('after a pause, a key waits for the delay again', async () => {
  const { made, sent, release } = batcher();
  void made.add('w', 'a');
  await jest.advanceTimersByTimeAsync(20);
  await release();
  void made.add('w', 'b');
  await jest.advanceTimersByTimeAsync(19);
  expect(sent).toEqual(['w:a']);
  await jest.advanceTimersByTimeAsync(1);
  expect(sent).toEqual(['w:a', 'w:b']);
});

test('a failed request fails its own items only', async () => {
  const { made, sent, held, release } = batcher(20, 2);
  const answers = Promise.allSettled(['a', 'b', 'c'].map((item) => made.add('w', item)));
  await jest.advanceTimersByTimeAsync(20);
  held.shift()?.fail(new Error('refused'));
  await jest.advanceTimersByTimeAsync(0);
  await release();
  expect(sent).toEqual(['w:ab', 'w:c']);
  const refused = { status: 'rejected', reason: new Error('refused') };
  expect(await answers).toEqual([refused, refused, { status: 'fulfilled', value: 'w:c' }]);
});

test('a request that throws synchronously fails its items', async () => {
  const made = new MicroBatcher<string, string>(
    () => {
      throw new Error('thrown');
    },
    0,
    1,
  );
  const answer = expect(made.add('w', 'a')).rejects.toThrow('thrown');
  await jest.advanceTimersByTimeAsync(1);
  await answer;
});

describe('an invalid option is refused', () => {
  test.each([
    [-1, 1, 'delayMs: expected 0 or more milliseconds, got -1'],
    [Number.NaN, 1, 'delayMs: expected 0 or more milliseconds, got NaN'],
    [0, 0, 'maxItems: expected 1 or more items, got 0'],
    [0, Number.NaN, 'maxItems: expected 1 or more items, got NaN'],
  ])('delayMs %d, maxItems %d', (delayMs, maxItems, message) => {
    expect(() => batcher(delayMs, maxItems)).toThrow(new RangeError(message));
  });
});

test('each item is sent once, in the order of its key, whenever items arrive', async () => {
  const arrival = fc.record({
    key: fc.constantFrom('v', 'w'),
    waitMs: fc.nat({ max: 30 }),
    sendMs: fc.nat({ max: 50 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(arrival, { maxLength: 30 }),
      fc.integer({ min: 1, max: 4 }),
      async (arrivals, maxItems) => {
        const sent = new Map<string, number[]>();
        let busy = 0;
        const made = new MicroBatcher<{ at: number; sendMs: number }, number>(
          async (key, items) => {
            busy += items.length > maxItems ? Number.NaN : 1;
            await new Promise((resolve) => setTimeout(resolve, items[0]?.sendMs));
            sent.set(key, [...(sent.get(key) ?? []), ...items.map(({ at }) => at)]);
            return busy--;
          },
          20,
          maxItems,
        );
        const answers: Promise<number>[] = [];
        for (const [at, { key, waitMs, sendMs }] of arrivals.entries()) {
          answers.push(made.add(key, { at, sendMs }));
          await jest.advanceTimersByTimeAsync(waitMs);
        }
        await jest.advanceTimersByTimeAsync(60_000);
        for (const underWay of await Promise.all(answers)) expect([1, 2]).toContain(underWay);
        for (const key of ['v', 'w']) {
          const expected = arrivals.flatMap((each, at) => (each.key === key ? [at] : []));
          expect(sent.get(key) ?? []).toEqual(expected);
        }
      },
    ),
    { numRuns: 30 },
  );
});
