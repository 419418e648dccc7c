import { fromReference, legacyName, parseTableName, standardName, toReference } from '../../src/rules/tableReference';

describe('a table name', () => {
  test.each([
    ['d.t', { dataset: 'd', table: 't' }, 'd.t', 'd.t'],
    ['p:d.t', { project: 'p', dataset: 'd', table: 't' }, 'p.d.t', 'p:d.t'],
    ['p.d.t', { project: 'p', dataset: 'd', table: 't' }, 'p.d.t', 'p:d.t'],
    ['`p.d.t`', { project: 'p', dataset: 'd', table: 't' }, 'p.d.t', 'p:d.t'],
    ['`p`.`d`.`t`', { project: 'p', dataset: 'd', table: 't' }, 'p.d.t', 'p:d.t'],
    [
      'p:d.t$20200101',
      { project: 'p', dataset: 'd', table: 't', partition: '20200101' },
      'p.d.t$20200101',
      'p:d.t$20200101',
    ],
    ['dom.com:p.d.t', { project: 'dom.com:p', dataset: 'd', table: 't' }, 'dom.com:p.d.t', 'dom.com:p:d.t'],
    ['dom.com:p:d.t', { project: 'dom.com:p', dataset: 'd', table: 't' }, 'dom.com:p.d.t', 'dom.com:p:d.t'],
    [
      'my-proj:ds.events_1',
      { project: 'my-proj', dataset: 'ds', table: 'events_1' },
      'my-proj.ds.events_1',
      'my-proj:ds.events_1',
    ],
  ])('%s is parsed and written in both forms', (text, name, standard, legacy) => {
    const parsed = parseTableName(text);
    if (parsed === undefined) throw new Error(text);
    expect(parsed).toEqual(name);
    expect([standardName(parsed), legacyName(parsed)]).toEqual([standard, legacy]);
    expect([parseTableName(standard), parseTableName(legacy)]).toEqual([name, name]);
    expect(fromReference(toReference(parsed, 'def'))).toEqual({ project: 'def', ...name });
  });

  test.each(['', 't', 'd.', '.t', 'p:t', ':d.t', '.d.t', 'a.b.c.d', 'x:a.b.c.d', 'p.d.', '$a.b'])(
    '%j is not valid',
    (text) => {
      expect(parseTableName(text)).toBeUndefined();
    },
  );
});

test('a reference has the project of its name, else the default project', () => {
  expect(toReference({ dataset: 'd', table: 't', partition: '20200101' }, 'p')).toEqual({
    projectId: 'p',
    datasetId: 'd',
    tableId: 't$20200101',
  });
  expect(toReference({ project: 'q', dataset: 'd', table: 't' }, 'p').projectId).toBe('q');
});
