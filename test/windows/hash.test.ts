import { hash, patternHash } from '../../src/windows/hash';

describe('hash', () => {
  test.each([
    ['', '3750763034362895579'],
    ['a', '5808590958014384194'],
    ['foobar', '3750802935296928194'],
    ['café', '3536945616510369551'],
    ['gs://my-trigger/data/case004/path1', '5849416046281044539'],
    ['gs://my-trigger/data/2019/02/04/logs_17.avro', '1227089931919308629'],
  ])('the absolute 64-bit FNV-1 of %j is %s', (key, expected) => {
    expect(hash(key).toString()).toBe(expected);
  });
});

describe('patternHash', () => {
  test.each([
    [['2019', '02', '04'], '-8259368535141226065'],
    [[], '-3750763034362895579'],
    [undefined, '0'],
  ])('the signed 64-bit FNV-1a of %j is %s', (groups, expected) => {
    expect(patternHash(groups).toString()).toBe(expected);
  });
});
