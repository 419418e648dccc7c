// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables in rules look like this
import { partitionCopies } from '../../src/plan/partitionCopies';
import type { ActionStep } from '../../src/plan/steps';
import { plan } from './planning';

function copyPartitions(request: object): ActionStep {
  const [step] = plan({
    rule: { OnSuccess: [{ Action: 'copy', Request: { MultiPartition: true, ...request } }] },
  }).onSuccess;
  if (step?.kind !== 'action') throw new Error('no such step');
  return step;
}

const jobId = (step: number, action: string): string => `ds_t--777_${String(step).padStart(5, '0')}_${action}--tail`;

test('each partition has its own copy, and the copies are a hundred steps apart', () => {
  const step = copyPartitions({
    Source: 'ds.t_${EventID}${DollarSign}${PartitionID}',
    Dest: 'ds.x_${PartitionID}${DollarSign}${PartitionID}',
    Append: true,
    Template: 'ds.tmpl',
  });
  const copies = partitionCopies('r', step, ['20200101', '20200102'], 0, jobId);
  expect(copies.map(({ step: number, job }) => [number, job.jobId])).toEqual([
    [2, 'ds_t--777_00002_copy--tail'],
    [102, 'ds_t--777_00102_copy--tail'],
  ]);
  expect(copies[1]).toMatchObject({
    prepare: [{ kind: 'applyTemplate', table: { projectId: 'p', datasetId: 'ds', tableId: 'x_20200102' } }],
    job: {
      projectId: 'p',
      location: 'US',
      configuration: {
        labels: { bqtail_event: '777' },
        copy: {
          sourceTable: { projectId: 'p', datasetId: 'ds', tableId: 't_777$20200102' },
          destinationTable: { projectId: 'p', datasetId: 'ds', tableId: 'x_20200102$20200102' },
          writeDisposition: 'WRITE_APPEND',
        },
      },
    },
  });
});

test('a table without partitions has no copies', () => {
  expect(partitionCopies('r', copyPartitions({ Source: 'ds.a', Dest: 'ds.b' }), [], 0, jobId)).toEqual([]);
});
