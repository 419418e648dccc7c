import fc from 'fast-check';
import { cleanPath } from '../../src/rules/objectPath';
import { regexp, regexpFault } from '../../src/rules/regexp';
import { requiredLiteral } from '../../src/rules/requiredLiteral';
import { RuleSet } from '../../src/rules/ruleSet';
import { matches } from '../../src/rules/when';

const URL = 'gs://c/r.json';
const one = (When: object, more: object = {}) => JSON.stringify({ When, Dest: { Table: 'd.t' }, ...more });

describe('a rule matches a file only if all its conditions hold', () => {
  test.each([
    [{ Prefix: '/data/' }, 'gs://b/data/a.json', true],
    [{ Prefix: 'data/' }, 'gs://b/data/a.json', false],
    [{ Prefix: '/data//' }, 'gs://b/data//a.json', false],
    [{ Prefix: '/data/' }, 'gs://b/data//a.json', true],
    [{ Prefix: '/data/' }, 'gs://b/x/../data/a.json', true],
    [{ Filter: 'gs://' }, 'gs://b/data/a.json', false],
    [{ Prefix: '/data/', Exclusion: 'tmp' }, 'gs://b/data/tmp/a.json', false],
    [{ Prefix: '/data/', Exclusion: 'tmp' }, 'gs://b/data/a.json', true],
    [{}, 'gs://b/anything', true],
    [{ Suffix: '.json' }, 'gs://b/a.json', true],
    [{ Suffix: '.json' }, 'gs://b/a.JSON', false],
    [{ Suffix: '.json' }, 'gs://b/a.json.gz', false],
    [{ Prefix: '/a', Suffix: '.x', Filter: '\\d+' }, '/a/12.x', true],
    [{ Prefix: '/a', Suffix: '.x', Filter: '\\d+' }, '/a/b.x', false],
    [{ Prefix: '/ab', Suffix: 'bc' }, '/abc', true],
    [{ Directory: true }, 'gs://b/a', false],
    [{ Directory: false }, 'gs://b/a', true],
    [{ Filter: '^/data/\\w+\\.json$' }, 'gs://b/data/a.json', true],
    [{ Filter: '^/data/\\w+\\.json$' }, 'gs://b/x/data/a.json', false],
    [{ Prefix: '/dä' }, 'gs://b/däta/a', true],
  ])('When %j matches %s: %s', (when, url, expected) => {
    expect(RuleSet.empty.with(URL, one(when)).match(url).status).toBe(expected ? 'matched' : 'noMatch');
  });

  test('without Filter, Dest.Pattern is the filter', () => {
    const rules = RuleSet.empty.with(URL, JSON.stringify({ Dest: { Table: 'd.t_$1', Pattern: '/(\\d+)/' } }));
    expect([rules.match('gs://b/12/a').status, rules.match('gs://b/x/a').status]).toEqual(['matched', 'noMatch']);
  });
});

describe('of several rules for one file', () => {
  const set = (...flags: boolean[]) =>
    RuleSet.empty.with(URL, JSON.stringify(flags.map((Disabled) => ({ Disabled, Dest: { Table: 'd.t' } }))));
  test.each([
    ['none matches an empty set', [], 'noMatch', []],
    ['the only one matches', [false], 'matched', [0]],
    ['the only one is disabled', [true], 'disabled', [0]],
    ['the enabled one matches', [true, false, true], 'matched', [1]],
    ['several enabled ones are ambiguous', [false, true, false], 'ambiguous', [0, 2]],
    ['the first is reported when all are disabled', [true, true], 'disabled', [0]],
  ])('%s', (_name, flags, status, positions) => {
    const match = set(...flags).match('gs://b/a');
    expect(match.status).toBe(status);
    expect(match.rules.map(({ position }) => position)).toEqual(positions);
  });
});

describe('a rule set', () => {
  const good = one({ Prefix: '/a/' });
  test('does not change; a change makes a new one', () => {
    const before = RuleSet.empty.with(URL, good);
    const after = before.without(URL);
    expect([before.match('gs://b/a/1').status, after.match('gs://b/a/1').status]).toEqual(['matched', 'noMatch']);
    expect([RuleSet.empty.rules, after.without('gs://c/other')]).toEqual([[], after]);
  });

  test('keeps the last valid version of a file after an invalid edit, and lists its problems', () => {
    const broken = RuleSet.empty.with(URL, good).with(URL, '{"Dest":');
    expect(broken.match('gs://b/a/1').status).toBe('matched');
    expect(broken.problems.map(({ code, url }) => [code, url])).toEqual([['SyntaxInvalid', URL]]);
    expect(broken.textOf(URL)).toBe('{"Dest":');
    const mended = broken.with(URL, one({ Prefix: '/b/' }));
    expect([mended.match('gs://b/a/1').status, mended.match('gs://b/b/1').status]).toEqual(['noMatch', 'matched']);
    expect(mended.problems).toEqual([]);
  });

  test('is not affected by an invalid file, except for that file', () => {
    const rules = RuleSet.empty.with(URL, good).with('gs://c/broken.json', '[');
    expect([rules.rules.length, rules.problems.length, rules.urls.length]).toEqual([1, 1, 2]);
    expect(rules.match('gs://b/a/1').status).toBe('matched');
  });

  test('finds rules by file and ID', () => {
    const given = [{ Dest: { Table: 'd.a' } }, { ID: 'second', Dest: { Table: 'd.b' } }];
    const rules = RuleSet.empty.with(URL, JSON.stringify(given));
    expect(rules.byId(`${URL}#second`)?.dest.table).toBe('d.b');
    expect(rules.byId(`${URL}#1`)).toBeUndefined();
  });
});

describe('texts that rules refer to', () => {
  const nested = { Action: 'call', Request: { URL: 'http://x', BodyURL: 'gs://c/body.txt' } };
  const text = one(
    {},
    { OnSuccess: [{ Action: 'query', Request: { sqlurl: 'gs://c/q.sql', Dest: 'd.t' }, OnSuccess: [nested] }] },
  );
  test('are inserted into the requests', () => {
    const resources = new Map([
      ['gs://c/q.sql', 'SELECT $EventID'],
      ['gs://c/body.txt', 'b'],
    ]);
    const [rule] = RuleSet.empty.with(URL, text, resources).rules;
    expect(rule?.onSuccess[0]?.request).toEqual({ SQL: 'SELECT $EventID', SQLURL: 'gs://c/q.sql', Dest: 'd.t' });
    expect(rule?.onSuccess[0]?.onSuccess[0]?.request).toMatchObject({ Body: 'b' });
  });
  test('cause the file to be refused when they cannot be read', () => {
    const rules = RuleSet.empty.with(URL, text, new Map([['gs://c/q.sql', 'SELECT 1']]));
    expect(rules.problems.map(({ code, path, found }) => [code, path, found])).toEqual([
      ['ResourceUnreadable', 'OnSuccess[0].OnSuccess[0].Request.BodyURL', 'gs://c/body.txt'],
    ]);
    expect(rules.rules).toEqual([]);
  });
});

describe('the index', () => {
  const part = fc.constantFrom('/data', '/da', '/x', '.json', '.csv', 'abc', '1', '/', 'b');
  const text = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(''));
  const filter = fc.constantFrom(
    undefined,
    '^/data',
    'abc',
    'a?bc',
    '(abc|x)1',
    '[^/]+\\.json$',
    'b|c',
    '\\.json',
    '^/x(abc)?',
    'ab+c*',
  );
  const when = fc.record({ Prefix: text, Suffix: text, Filter: filter, Exclusion: fc.constantFrom(undefined, 'x1') });

  test('finds the same rules as trying every rule', () => {
    fc.assert(
      fc.property(
        fc.array(when, { maxLength: 30 }),
        fc.array(text, { minLength: 5, maxLength: 5 }),
        (conditions, paths) => {
          const rules = RuleSet.empty.with(
            URL,
            JSON.stringify(conditions.map((When) => ({ When, Dest: { Table: 'd.t' } }))),
          );
          for (const path of paths) {
            const expected = rules.rules.filter((rule) => matches(rule.when, cleanPath(path)));
            expect(rules.match(path).rules.map(({ position }) => position)).toEqual(
              expected.map(({ position }) => position),
            );
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('tries only a few of ten thousand rules', () => {
    const files = Array.from({ length: 10_000 }, (_, at) => ({
      url: `gs://c/${at}.json`,
      text:
        at % 2 === 0
          ? one({ Prefix: `/data/${at}/`, Suffix: '.json' })
          : one({ Suffix: '.csv', Filter: `/case${at}/\\d+` }),
    }));
    const rules = RuleSet.empty.withAll(files);
    rules.match('warm up');
    const started = performance.now();
    for (let turn = 0; turn < 500; turn += 1) {
      expect(rules.match('gs://b/data/4242/x.json').rules[0]?.url).toBe('gs://c/4242.json');
      expect(rules.match('gs://b/case77/20/x.csv').rules[0]?.url).toBe('gs://c/77.json');
    }
    // Trying all of them takes seconds. The bound leaves room for a busy machine.
    expect(performance.now() - started).toBeLessThan(1_500);
  }, 30_000);
});

describe('the required literal of an expression', () => {
  test.each([
    ['^/data/case(\\d+)/', { text: '/data/case', anchored: true }],
    ['/data/case(\\d+)/x', { text: '/data/case', anchored: false }],
    ['\\.json$', { text: '.json', anchored: false }],
    ['^a?bc', { text: 'bc', anchored: false }],
    ['abc+d', { text: 'abc', anchored: false }],
    ['abx*', { text: 'ab', anchored: false }],
    ['a{2}b', { text: 'b', anchored: false }],
    ['[a\\]b(]xy', { text: 'xy', anchored: false }],
    ['[[:alpha:]]xy', { text: 'xy', anchored: false }],
    ['\\pLxy\\x41', { text: 'xy', anchored: false }],
    ['a|b', undefined],
    ['(?i)abc', undefined],
    ['(abc)', undefined],
    ['.*', undefined],
  ])('of %s is found', (expression, expected) => {
    expect(requiredLiteral(expression)).toEqual(expected);
  });

  test('is part of every text that the expression matches', () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      '/',
      '.',
      '\\.',
      '\\d',
      '[ab]',
      '[^a]',
      '(a|b)',
      '(ab)',
      '(?:a)',
      '^',
      '$',
      '|',
      '\\pL',
      '\\x61',
    );
    const quantifier = fc.constantFrom('', '', '', '?', '*', '+', '+?', '{0}', '{2}', '{0,2}', '{1,}');
    const expression = fc.array(fc.tuple(atom, quantifier), { maxLength: 6 }).map((parts) => parts.flat().join(''));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '1', 'x'), maxLength: 8 });
    fc.assert(
      fc.property(expression, fc.array(text, { minLength: 10, maxLength: 10 }), (pattern, texts) => {
        const literal = requiredLiteral(pattern);
        fc.pre(literal !== undefined && regexpFault(pattern) === undefined);
        for (const candidate of texts.filter((each) => regexp(pattern).test(each))) {
          expect(candidate).toContain(literal?.text);
          if (literal?.anchored) expect(candidate.startsWith(literal.text)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
