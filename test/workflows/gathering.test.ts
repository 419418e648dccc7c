import type { FileEvent } from '../../src/windows/fileEvent';
import { Gathering } from '../../src/workflows/gathering';

/** `rule/url#generation`; the event ID tells which event it was. */
function event(text: string): FileEvent {
  const [, ruleId = '', url = '', generation = ''] = /^(.*)\/(.*)#(.*)$/.exec(text) ?? [];
  return { url, generation, size: 1, updatedMs: 0, ruleId, eventId: text };
}

function gather(...texts: string[]): Gathering {
  const gathering = new Gathering();
  gathering.add(texts.map(event));
  return gathering;
}

const taken = (gathering: Gathering) =>
  gathering.take().map(({ owner, files }) => [owner.eventId, files.map(({ eventId }) => eventId)]);

test('nothing waits at first', () => {
  const gathering = gather();
  expect(gathering).toMatchObject({ pending: false, first: undefined, announced: 0 });
  expect(gathering.take()).toEqual([]);
});

describe('what is announced becomes batches, with the event that came first as owner', () => {
  test.each([
    ['one file', ['r/a#1'], [['r/a#1', ['r/a#1']]]],
    ['files ordered by URL', ['r/c#1', 'r/a#1', 'r/b#1'], [['r/c#1', ['r/a#1', 'r/b#1', 'r/c#1']]]],
    ['a file announced twice', ['r/a#1', 'r/a#1'], [['r/a#1', ['r/a#1']]]],
    ['a file overwritten', ['r/b#1', 'r/a#9', 'r/a#10'], [['r/b#1', ['r/a#10', 'r/b#1']]]],
    ['an older generation late', ['r/a#10', 'r/a#9'], [['r/a#10', ['r/a#10']]]],
    ['the first file overwritten', ['r/a#1', 'r/b#1', 'r/a#2'], [['r/a#1', ['r/a#2', 'r/b#1']]]],
    [
      'files of two rules, in the order of the rules',
      ['s/b#1', 'r/a#1', 's/a2#1'],
      [
        ['s/b#1', ['s/a2#1', 's/b#1']],
        ['r/a#1', ['r/a#1']],
      ],
    ],
    [
      'a file that belongs to another rule now',
      ['r/a#1', 'r/b#1', 's/a#2'],
      [
        ['r/a#1', ['r/b#1']],
        ['s/a#2', ['s/a#2']],
      ],
    ],
    ['the only file of a rule that belongs to another now', ['r/a#1', 's/a#2'], [['s/a#2', ['s/a#2']]]],
    ['an old generation under another rule', ['r/a#2', 's/a#1'], [['r/a#2', ['r/a#2']]]],
  ])('%s', (_name, events, expected) => {
    expect(taken(gather(...events))).toEqual(expected);
  });
});

test('what was taken does not wait any more', () => {
  const gathering = gather('r/a#1');
  expect(gathering.pending).toBe(true);
  gathering.take();
  expect(gathering.pending).toBe(false);
  expect(gathering.take()).toEqual([]);
});

test('after a batch, only what is new makes another, with an owner of its own', () => {
  const gathering = gather('r/a#1', 'r/b#1');
  gathering.take();
  gathering.add(['r/a#1', 'r/b#2', 'r/c#1'].map(event));
  expect(taken(gathering)).toEqual([['r/b#2', ['r/b#2', 'r/c#1']]]);
});

test('the window keeps the owner that started it', () => {
  const gathering = gather('r/b#1', 'r/a#1', 'r/b#2');
  gathering.take();
  gathering.add([event('r/0#1')]);
  expect(gathering.first?.eventId).toBe('r/b#1');
});

test('pages show each file once, newest generation, in order of arrival', () => {
  const gathering = gather('r/c#1', 'r/a#1', 'r/b#1', 'r/c#2');
  gathering.take();
  const pages = [0, 1, 2].map((page) => gathering.page(page, 2).map(({ eventId }) => eventId));
  expect(pages).toEqual([['r/c#2', 'r/a#1'], ['r/b#1'], []]);
  expect(gathering.announced).toBe(3);
});
