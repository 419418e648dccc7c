// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables in rules look like this
import { tableKey } from '../../src/plan/facts';
import { requirements } from '../../src/plan/requirements';
import { factsOf } from './planning';

function wanted(dest: object, onSuccess: readonly object[] = []): object {
  const { tables, datasets } = requirements(factsOf({ dest, rule: { OnSuccess: onSuccess } }));
  return {
    tables: tables.map(tableKey),
    datasets: datasets.map(({ projectId, datasetId }) => `${projectId}.${datasetId}`),
  };
}

test('a plain rule requires its destination', () => {
  expect(wanted({ Table: 'q:ds.t', Partition: '$Date' })).toEqual({ tables: ['q.ds.t'], datasets: ['q.ds'] });
});

test('templates and targets of a split are required, each once', () => {
  const Mapping = [
    { When: 'a', Then: 'ds.t_$Date' },
    { When: 'b', Then: 'other.t' },
    { When: 'c', Then: 'other.t' },
  ];
  const dest = {
    Transient: { Dataset: 'temp', Template: 'ds.ttmpl' },
    Schema: { Template: 'ds.tmpl', Split: { Mapping } },
  };
  expect(wanted(dest)).toEqual({
    tables: ['p.ds.t', 'p.ds.t_20200102', 'p.other.t', 'p.ds.tmpl', 'p.ds.ttmpl'],
    datasets: ['p.ds', 'p.other'],
  });
});

test('the datasets of the tables of actions are required', () => {
  const actions = [
    {
      Action: 'query',
      Request: { SQL: 'SELECT 1', Dest: 'eu.x' },
      OnSuccess: [{ Action: 'export', Request: { Source: 'q:z.a', DestURL: 'gs://b/x.csv' } }],
    },
    { Action: 'copy', Request: { Source: '$Data.a.b', Dest: 'ds.x_${EventID}' } },
    { Action: 'drop', Request: { Table: 'no.need' } },
  ];
  expect(wanted({}, actions)).toEqual({ tables: ['p.ds.t'], datasets: ['p.ds', 'p.eu', 'q.z'] });
});
