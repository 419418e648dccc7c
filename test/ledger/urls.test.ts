import { entryFolder, entryNumber, entryPlace, entryUrl, remainderUrl, stepRecordUrl } from '../../src/ledger/urls';

const CONFIG = { ledgerUrl: 'gs://ops/Journal/Ledger' };
const ID = 'bqtail.dummy_v004_1_1700000005';
const FOLDER = `gs://ops/Journal/Ledger/ds.t/${ID}/5808590958014384194`;

test('the entries of a rule have a folder per window', () => {
  expect(entryFolder(CONFIG, 'ds.t', ID, 'a')).toBe(FOLDER);
});

test('the URL of an entry ends with its number', () => {
  expect(entryUrl('gs://b/l', 12)).toBe('gs://b/l/00012.json');
  expect(entryNumber('gs://b/l/00012.json')).toBe(12);
});

test.each([
  [`${FOLDER}/00001.json`, { workflowId: ID, folder: FOLDER }],
  [`${FOLDER}/gathered/1.json`, undefined],
  [`${FOLDER}/00001/steps/x.json`, undefined],
  [`${FOLDER}/00001.txt`, undefined],
])('the place of %s is %j', (url, place) => {
  expect(entryPlace('gs://ops/Journal/Ledger/ds.t', url)).toEqual(place);
});

test('the objects that belong to an entry are in a folder of its name', () => {
  expect(stepRecordUrl(`${FOLDER}/00001.json`, 'key')).toBe(`${FOLDER}/00001/steps/key.json`);
  expect(remainderUrl(`${FOLDER}/00001.json`, 'job')).toBe(`${FOLDER}/00001/job.json`);
});
