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
  ['without Transient, the project is that of the configuration', undefined, undefined, 0, 'config'],
  ['without Transient.ProjectID, the project is that of the configuration', {}, undefined, 0, 'config'],
  ['Transient.ProjectID is the project', { ProjectID: 'x' }, undefined, 0, 'x'],
  ['a balancer takes precedence over ProjectID', { ProjectID: 'x', ...fallback }, undefined, 0, 'a'],
  [
    'without projects, a balancer chooses that of the configuration',
    { Balancer: { ProjectIDs: [] } },
    undefined,
    0,
    'config',
  ],
  ['a balancer with one project chooses it', { Balancer: { ProjectIDs: ['b'] } }, busy(9, 9), 0, 'b'],
  ['fallback without facts chooses the first project', fallback, undefined, 0.9, 'a'],
  ['fallback chooses the first project below the limit', fallback, busy(5, 4, 1), 0.9, 'b'],
  ['fallback chooses a project without facts', fallback, busy(5), 0.9, 'b'],
  ['fallback chooses any project if all are at the limit', fallback, busy(5, 5, 5), 0.9, 'c'],
  ['rand chooses any project', rand, undefined, 0.5, 'b'],
  ['rand keeps its choice below the limit', rand, busy(9, 4, 9), 0.5, 'b'],
  ['rand chooses the first project below the limit if its choice is at the limit', rand, busy(9, 9, 1), 0.5, 'c'],
  ['rand keeps its choice if all projects are at the limit', rand, busy(9, 9, 9), 0.5, 'b'],
  ['rand without a limit chooses any project', { Balancer: { ProjectIDs: IDS } }, busy(9, 9, 9), 0.99, 'c'],
])('%s', (_, transient, performance, random, expected) => {
  expect(project(transient, performance, random)).toBe(expected);
});
