import type { JobResource } from '../../../src/activities/bigquery/bigQueryProjects';
import { ProjectLoads } from '../../../src/activities/bigquery/projectLoads';

function job(state: JobResource['status']['state'], kind: 'load' | 'query' = 'load'): JobResource {
  return {
    jobReference: { projectId: 'p', jobId: 'j' },
    status: { state },
    configuration: kind === 'load' ? { load: {} } : {},
  };
}

/** Jobs by project, and how often each project was asked. */
function made(jobs: Record<string, readonly JobResource[] | Error>) {
  const asked: string[] = [];
  const unknown: string[] = [];
  const clock = { now: 1000 };
  const source = {
    async listActiveJobs(projectId: string): Promise<JobResource[]> {
      asked.push(projectId);
      const found = jobs[projectId] ?? [];
      if (found instanceof Error) throw found;
      return [...found];
    },
  };
  const loads = new ProjectLoads(
    source,
    (projectId, error) => unknown.push(`${projectId}: ${String(error)}`),
    () => clock.now,
  );
  return { loads, asked, unknown, clock };
}

test('running and pending load jobs are counted, other jobs are not; idle projects are left out', async () => {
  const { loads } = made({ a: [job('RUNNING'), job('PENDING'), job('PENDING'), job('RUNNING', 'query')], b: [] });
  expect(await loads.of(['a', 'b'])).toEqual({ a: { Running: { LoadJobs: 1 }, Pending: { LoadJobs: 2 } } });
});

test('one listing serves all plans for some seconds, also those that are made while it runs', async () => {
  const { loads, asked, clock } = made({ a: [job('RUNNING')] });
  await Promise.all([loads.of(['a', 'b']), loads.of(['b', 'a'])]);
  clock.now += 4999;
  await loads.of(['a']);
  expect(asked).toEqual(['a', 'b']);
  clock.now += 1;
  await loads.of(['a']);
  expect(asked).toEqual(['a', 'b', 'a']);
});

test('a load that was assigned to a project counts as pending until the next listing', async () => {
  const { loads, clock } = made({});
  expect(await loads.of(['a'])).toEqual({});
  await loads.chosen('a');
  await loads.chosen('never asked for');
  expect(await loads.of(['a'])).toEqual({ a: { Running: { LoadJobs: 0 }, Pending: { LoadJobs: 1 } } });
  clock.now += 5000;
  expect(await loads.of(['a'])).toEqual({});
});

test('a project whose jobs cannot be listed is reported and counts as idle', async () => {
  const { loads, unknown } = made({ a: new Error('403'), b: [job('RUNNING')] });
  expect(await loads.of(['a', 'b'])).toEqual({ b: { Running: { LoadJobs: 1 }, Pending: { LoadJobs: 0 } } });
  expect(unknown).toEqual(['a: Error: 403']);
});
