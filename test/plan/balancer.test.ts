import type { JsonObject } from '../../src/json';
import { jobProject, type Performance } from '../../src/plan/balancer';
import { readRule } from './planning';

function project(transient: JsonObject | undefined, performance?: Performance, random = 0): string {
  const rule = readRule({
    Dest: { Table: 'ds.t', ...(transient ? { Transient: { Dataset: 'temp', ...transient } } : {}) },
  });
  return jobProject(rule, 'config', performance, random);
}

const IDS = ['a', 'b', 'c'];
const busy = (...counts: readonly number[]): Performance =>
  Object.fromEntries(
    counts.map((jobs, at) => [IDS[at] ?? '', { Running: { LoadJobs: jobs - 1 }, Pending: { LoadJobs: 1 } }]),
  );
const fallback = { Balancer: { Strategy: 'fallback', ProjectIDs: IDS, MaxLoadJobs: 5 } };
const rand = { Balancer: { Strategy: 'rand', ProjectIDs: IDS, MaxLoadJobs: 5 } };

test.each([
  ['no Transient: the configured project', undefined, undefined, 0, 'config'],
  ['Transient without project: the configured one', {}, undefined, 0, 'config'],
  ['Transient.ProjectID', { ProjectID: 'x' }, undefined, 0, 'x'],
  ['a balancer wins over ProjectID', { ProjectID: 'x', ...fallback }, undefined, 0, 'a'],
  ['no projects: the configured one', { Balancer: { ProjectIDs: [] } }, undefined, 0, 'config'],
  ['one project', { Balancer: { ProjectIDs: ['b'] } }, busy(9, 9), 0, 'b'],
  ['fallback without data: the first', fallback, undefined, 0.9, 'a'],
  ['fallback: the first below the limit', fallback, busy(5, 4, 1), 0.9, 'b'],
  ['fallback: one that the data do not know', fallback, busy(5), 0.9, 'b'],
  ['fallback, all full: any', fallback, busy(5, 5, 5), 0.9, 'c'],
  ['rand: any', rand, undefined, 0.5, 'b'],
  ['rand: any below the limit', rand, busy(9, 4, 9), 0.5, 'b'],
  ['rand, the pick is full: the first below the limit', rand, busy(9, 9, 1), 0.5, 'c'],
  ['rand, all full: the pick', rand, busy(9, 9, 9), 0.5, 'b'],
  ['rand without limit: any', { Balancer: { ProjectIDs: IDS } }, busy(9, 9, 9), 0.99, 'c'],
])('%s', (_, transient, performance, random, expected) => {
  expect(project(transient, performance, random)).toBe(expected);
});
