import fc from 'fast-check';
import { jobId } from '../../src/journal/jobId';

const load = { dest: 'ds.t', eventId: '777', step: 1, action: 'load', async: true } as const;

describe('jobId', () => {
  test.each([
    ['an asynchronous load', { ...load, dest: 'p:ds.t' }, 'p_ds_t--777_00001_load--dispatch'],
    ['a synchronous query', { ...load, step: 2, action: 'query', async: false }, 'ds_t--777_00002_query--tail'],
    ['the first reload', { ...load, step: 3, action: 'reload' }, 'ds_t--777_00003_reload--dispatch'],
    ['a copy that runs again', { ...load, step: 200, action: 'copy' }, 'ds_t--777_00200_copy--dispatch'],
    [
      'a table with a partition',
      { ...load, dest: 'my-proj:ds.t$20231114', eventId: '900000000000001' },
      'my-proj_ds_t_20231114--900000000000001_00001_load--dispatch',
    ],
    ['a table with a slash', { ...load, dest: 'a/b' }, 'a--b--777_00001_load--dispatch'],
    ['a step number of six digits', { ...load, step: 99_999 + 7 }, 'ds_t--777_00007_load--dispatch'],
    ['the first attempt', { ...load, attempt: 0 }, 'ds_t--777_00001_load--dispatch'],
    ['the second attempt', { ...load, attempt: 1 }, 'ds_t--777_00001_load--dispatch--1'],
  ] as const)('has a documented form for %s', (_name, name, expected) => {
    expect(jobId(name)).toBe(expected);
  });
});

test('a job ID has only characters that BigQuery allows, whatever the table is called', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (dest) => {
      expect(jobId({ ...load, dest })).toMatch(/^[A-Za-z0-9_-]+$/);
    }),
  );
});
