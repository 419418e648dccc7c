import { jobFileContent } from '../../src/journal/jobFile';
import { jobInfoContent } from '../../src/journal/jobInfo';
import { processFields, windowFields } from '../../src/journal/processFile';
import { config, PROCESS } from './support';

/** Content as it is written: JSON leaves out undefined fields. */
const written = <T extends object>(content: T): T => JSON.parse(JSON.stringify(content));

const RUN = 'bqtail.dummy_v004/2023-11-14_22/900000000000001.run';
const FIELDS = {
  Source: {
    URL: 'gs://my-trigger/data/case004/path1/dummy1.json',
    Time: '2023-11-14T22:13:23.250Z',
    Status: 'pending',
  },
  ProcessURL: `gs://my-ops/BqTail/Journal/Running/${RUN}`,
  DoneProcessURL: `gs://my-ops/BqTail/Journal/Done/${RUN}`,
  FailedURL: 'gs://my-ops/BqTail/Journal/failed',
  RuleURL: 'gs://my-config/BqTail/Rules/case004/rule.yaml',
  EventID: '900000000000001',
  Async: true,
  DestTable: 'bqtail.dummy_v004',
};

describe('process fields', () => {
  test('leave out zero values as viant/bqtail does', () => {
    expect(written(processFields(config(), PROCESS))).toStrictEqual(FIELDS);
  });

  test.each([
    ['leave out Async for a synchronous process', { async: false }, { Async: undefined }],
    ['contain the project of the jobs', { projectId: 'p' }, { ProjectID: 'p' }],
    ['contain the parameters', { params: { Date: '20231114' } }, { Params: { Date: '20231114' } }],
    ['contain the number of steps', { stepCount: 6 }, { StepCount: 6 }],
  ])('%s', (_name, given, expected) => {
    expect(written(processFields(config(), { ...PROCESS, ...given }))).toEqual(written({ ...FIELDS, ...expected }));
  });
});

describe('window fields', () => {
  const url = 'gs://my-dispatch/BqDispatch/Tasks/bqtail.dummy_v004_1067707184661381329_1700000010.win';
  const process = processFields(config(), PROCESS);
  const times = { start: 1_699_999_980, due: 1_700_000_010 };
  const window = { ...FIELDS, URL: url, Start: '2023-11-14T22:13:00Z', End: '2023-11-14T22:13:30Z' };

  test('contain the process, the URL and the times in a .win file', () => {
    expect(written(windowFields(process, url, times))).toStrictEqual(window);
  });

  test('contain the files in a response', () => {
    const files = [1, 2].map((n) => ({ url: `gs://b/${n}`, generation: `${n}`, size: 1, updatedMs: n * 1000 }));
    expect(written(windowFields(process, url, times, files))).toStrictEqual({
      ...window,
      URIs: ['gs://b/1', 'gs://b/2'],
      Resources: [
        { URL: 'gs://b/1', ModTime: '1970-01-01T00:00:01.000Z' },
        { URL: 'gs://b/2', ModTime: '1970-01-01T00:00:02.000Z' },
      ],
    });
  });

  test('contain one .loc file per folder for a window of several folders', () => {
    const files = ['a/1', 'a/2', 'b/3'].map((n) => ({ url: `gs://b/${n}`, generation: '1', size: 1, updatedMs: 1000 }));
    const { Locations = [] } = windowFields(process, url, { ...times, multiPath: true }, files);
    expect(Locations).toHaveLength(2);
    expect(Locations.every((name) => name.startsWith(`${url.slice(0, -4)}/`) && name.endsWith('.loc'))).toBe(true);
  });
});

describe('a job file', () => {
  const job = {
    jobId: 'bqtail_dummy_v004--900000000000001_00001_load--dispatch',
    projectId: 'my-proj',
    location: 'US',
  };
  const configuration = {
    load: {
      createDisposition: 'CREATE_IF_NEEDED',
      destinationTable: { projectId: 'my-proj', datasetId: 'bqtail', tableId: 'dummy_v004' },
      schema: { fields: [{ name: 'id', type: 'INTEGER' }] },
      sourceUris: ['gs://my-trigger/data/case004/path1/dummy1.json'],
      writeDisposition: 'WRITE_APPEND',
    },
  };
  const step = { step: 1, action: 'load', job };

  test('contains the action, the process, the request and the submitted job', () => {
    expect(written(jobFileContent(config(), { ...PROCESS, stepCount: 6 }, step, configuration))).toStrictEqual({
      Action: 'load',
      Meta: {
        ...FIELDS,
        ProjectID: 'my-proj',
        Region: 'US',
        StepCount: 1,
        Action: 'load',
        Mode: 'dispatch',
        Step: 1,
      },
      Request: {
        CreateDisposition: 'CREATE_IF_NEEDED',
        DestinationTable: { ProjectId: 'my-proj', DatasetId: 'bqtail', TableId: 'dummy_v004' },
        Schema: { Fields: [{ Name: 'id', Type: 'INTEGER' }] },
        SourceUris: ['gs://my-trigger/data/case004/path1/dummy1.json'],
        WriteDisposition: 'WRITE_APPEND',
      },
      Job: { configuration, jobReference: { projectId: 'my-proj', jobId: job.jobId, location: 'US' } },
    });
  });

  test('of a synchronous process has the mode tail, and no region if the job has no location', () => {
    const { location: _location, ...placeless } = job;
    const synchronous = { ...PROCESS, async: false };
    const content = written(jobFileContent(config(), synchronous, { ...step, job: placeless }, configuration));
    expect(content['Meta']).toMatchObject({ Mode: 'tail' });
    expect(content['Meta']).not.toHaveProperty('Region');
    expect(content['Job']).toHaveProperty('jobReference', placeless);
  });
});

describe('the info file of a job', () => {
  const jobReference = { projectId: 'my-proj', jobId: 'bqtail_dummy_v004--1_00001_load--dispatch' };
  const times = { creationTime: '1700000000400', startTime: '1700000001000', endTime: '1700000003500' };
  const load = { inputFiles: '2', inputFileBytes: '20', outputRows: '3', outputBytes: '30', badRecords: '1' };
  const statistics = { ...times, totalBytesProcessed: '7', totalSlotMs: '9', reservation_id: 'p:US.r', load };
  const common = {
    ProjectID: 'my-proj',
    JobID: jobReference.jobId,
    CreateTime: '2023-11-14T22:13:20Z',
    StartTime: '2023-11-14T22:13:21Z',
    EndTime: '2023-11-14T22:13:23Z',
    ExecutionTimeMs: 2500,
    TimeTakenMs: 3100,
    DestinationTable: 'bqtail_dummy_v004',
    EventID: PROCESS.eventId,
    RuleURL: PROCESS.ruleUrl,
  };

  test('contains the files and rows of a load', () => {
    const step = { action: 'load', tempTable: '`p.temp.t`', uris: ['gs://b/1', 'gs://b/2'] };
    expect(written(jobInfoContent(PROCESS, step, { jobReference, status: {}, statistics }))).toStrictEqual({
      ...common,
      TotalSlotMs: 9,
      ReservationName: 'p:US.r',
      TotalBytesProcessed: 7,
      InputFileBytes: 20,
      InputFiles: 2,
      OutputBytes: 30,
      OutputRows: 3,
      BadRecords: 1,
      JobType: 'load',
      TempTable: '`p.temp.t`',
      URI: 'gs://b/1',
      URIs: ['gs://b/1', 'gs://b/2'],
    });
  });

  test('contains the errors of a failed job', () => {
    const errors = [{ reason: 'invalid', message: 'no' }];
    const failed = { jobReference, status: { errors }, statistics: times };
    const info = written(jobInfoContent(PROCESS, { action: 'copy', uris: [] }, failed));
    expect(info).toMatchObject({ ...common, JobType: 'copy', OutputRows: 0, Error: JSON.stringify(errors) });
    expect(info).not.toHaveProperty('URIs');
  });
});
