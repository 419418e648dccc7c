import { joinUrl, objectUrl, parseObjectUrl } from '../../src/objects/objectUrl';

test.each([
  ['gs://b/a.json', 'b', 'a.json'],
  ['gs://b/d//a b#?.json', 'b', 'd//a b#?.json'],
  ['gs://b/two\nlines', 'b', 'two\nlines'],
  ['gs://b/', 'b', ''],
  ['gs://b', 'b', ''],
])('%j is the URL of an object', (url, bucket, name) => {
  expect(parseObjectUrl(url)).toEqual({ bucket, name });
  expect(objectUrl(bucket, name)).toBe(name === '' ? 'gs://b/' : url);
});

test.each(['', 'b/a', 's3://b/a', 'gs:///a', 'GS://b/a'])('%j is not the URL of an object', (url) => {
  expect(() => parseObjectUrl(url)).toThrow(`not a gs:// URL: ${url}`);
});

test.each([
  ['gs://b', 'a', 'gs://b/a'],
  ['gs://b//', '//a/c//', 'gs://b/a/c'],
  ['gs://b/d', '', 'gs://b/d/'],
])('the URL %s and the path %s are joined to %s', (base, path, expected) => {
  expect(joinUrl(base, path)).toBe(expected);
});
