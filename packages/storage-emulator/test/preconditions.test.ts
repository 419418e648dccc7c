import { failureOf, RunningStorage } from './runningStorage';

let storage: RunningStorage;
beforeAll(async () => {
  storage = await RunningStorage.start();
});
afterAll(() => storage.stop());

const CREATE = { ifGenerationMatch: 0 };

test('exactly one of several writers that race to create an object succeeds', async () => {
  const save = async (writer: number) => {
    const file = storage.bucket().file('race');
    await file.save(String(writer), { resumable: false, preconditionOpts: CREATE });
    return writer;
  };
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, writer) => save(writer)));
  const winners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const losers = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
  expect(winners).toHaveLength(1);
  expect(losers).toEqual(new Array(19).fill(412));
  expect((await storage.bucket().file('race').download()).toString()).toBe(String(winners[0]));
});

test('a resumable upload checks its conditions when it ends', async () => {
  await storage.put('taken', 'first');
  const options = { resumable: true, preconditionOpts: CREATE };
  expect(await failureOf(storage.bucket().file('taken').save('second', options))).toMatchObject({ code: 412 });
  expect((await storage.bucket().file('taken').download()).toString()).toBe('first');
});

test('generations grow, and a write fails when its object has changed', async () => {
  await storage.put('grows', '1');
  const file = storage.bucket().file('grows');
  const [{ generation: first }] = await file.getMetadata();
  await file.save('2', { resumable: false, preconditionOpts: { ifGenerationMatch: Number(first) } });
  const [{ generation: second }] = await file.getMetadata();
  expect(String(first)).toMatch(/^\d{16}$/);
  expect(Number(second)).toBeGreaterThan(Number(first));
  const late = file.save('3', { resumable: false, preconditionOpts: { ifGenerationMatch: Number(first) } });
  expect(await failureOf(late)).toMatchObject({ code: 412 });
});

describe('conditions on the live object', () => {
  let generation: string;
  beforeEach(async () => {
    await storage.put('live', 'x');
    const [metadata] = await storage.bucket().file('live').getMetadata();
    generation = String(metadata.generation);
  });

  test.each([
    ['GET', 'ifGenerationMatch=1', 412],
    ['GET', 'ifGenerationMatch=G', 200],
    ['GET', 'ifGenerationNotMatch=G', 304],
    ['GET', 'ifMetagenerationMatch=2', 412],
    ['GET', 'ifMetagenerationNotMatch=1', 304],
    ['GET', 'generation=1', 404],
    ['GET', 'ifGenerationMatch=x', 400],
    ['PATCH', 'ifMetagenerationMatch=2', 412],
    ['PATCH', 'ifMetagenerationMatch=1', 200],
    ['DELETE', 'ifGenerationMatch=1', 412],
    ['DELETE', 'generation=1', 404],
    ['DELETE', 'ifGenerationNotMatch=G', 412],
    ['DELETE', 'ifGenerationMatch=G', 204],
  ])('%s %s is answered with %d', async (method, query, expected) => {
    const path = `/storage/v1/b/inbox/o/live?${query.replace('=G', `=${generation}`)}`;
    const { status } = await storage.call(method, path, method === 'PATCH' ? { metadata: { a: 'b' } } : undefined);
    expect(status).toBe(expected);
  });

  test('a failed condition is reported in the form of the service', async () => {
    const { body } = await storage.call('DELETE', '/storage/v1/b/inbox/o/live?ifGenerationMatch=1');
    expect(body).toEqual({
      error: {
        code: 412,
        message: 'At least one of the pre-conditions you specified did not hold.',
        errors: [
          {
            message: 'At least one of the pre-conditions you specified did not hold.',
            domain: 'global',
            reason: 'conditionNotMet',
            locationType: 'header',
            location: 'If-Match',
          },
        ],
      },
    });
  });
});
