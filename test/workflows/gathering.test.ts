import { Gathering } from '../../src/workflows/gathering';
import { event } from './examples';

function gather(...texts: string[]): Gathering {
  const gathering = new Gathering();
  gathering.add(texts.map(event));
  return gathering;
}

const taken = (gathering: Gathering) =>
  gathering.take().map(({ owner, files }) => [owner.eventId, files.map(({ eventId }) => eventId)]);

test('no file waits at first', () => {
  const gathering = gather();
  expect(gathering).toMatchObject({ pending: false, first: undefined, announced: 0 });
  expect(gathering.take()).toEqual([]);
});

describe('announced files become batches, owned by the event that came first', () => {
  test.each([
    ['one file makes a batch', ['r/a#1'], [['r/a#1', ['r/a#1']]]],
    ['the files of a batch are ordered by URL', ['r/c#1', 'r/a#1', 'r/b#1'], [['r/c#1', ['r/a#1', 'r/b#1', 'r/c#1']]]],
    ['a file that is announced twice counts once', ['r/a#1', 'r/a#1'], [['r/a#1', ['r/a#1']]]],
    [
      'of an overwritten file, the newer generation counts',
      ['r/b#1', 'r/a#9', 'r/a#10'],
      [['r/b#1', ['r/a#10', 'r/b#1']]],
    ],
    ['an older generation that comes late is ignored', ['r/a#10', 'r/a#9'], [['r/a#10', ['r/a#10']]]],
    [
      'the first event stays the owner when its file is overwritten',
      ['r/a#1', 'r/b#1', 'r/a#2'],
      [['r/a#1', ['r/a#2', 'r/b#1']]],
    ],
    [
      'files of two rules make two batches, in the order of the rules',
      ['s/b#1', 'r/a#1', 's/a2#1'],
      [
        ['s/b#1', ['s/a2#1', 's/b#1']],
        ['r/a#1', ['r/a#1']],
      ],
    ],
    [
      'a new generation that matches another rule moves to its batch',
      ['r/a#1', 'r/b#1', 's/a#2'],
      [
        ['r/a#1', ['r/b#1']],
        ['s/a#2', ['s/a#2']],
      ],
    ],
    ['a rule whose only file moved has no batch', ['r/a#1', 's/a#2'], [['s/a#2', ['s/a#2']]]],
    ['an older generation that matches another rule is ignored', ['r/a#2', 's/a#1'], [['r/a#2', ['r/a#2']]]],
  ])('%s', (_name, events, expected) => {
    expect(taken(gather(...events))).toEqual(expected);
  });
});

test('a file that was taken does not wait any more', () => {
  const gathering = gather('r/a#1');
  expect(gathering.pending).toBe(true);
  gathering.take();
  expect(gathering.pending).toBe(false);
  expect(gathering.take()).toEqual([]);
});

test('after a batch, only new files make another one, with an owner of its own', () => {
  const gathering = gather('r/a#1', 'r/b#1');
  gathering.take();
  gathering.add(['r/a#1', 'r/b#2', 'r/c#1'].map(event));
  expect(taken(gathering)).toEqual([['r/b#2', ['r/b#2', 'r/c#1']]]);
});

test('the event that started the window stays its first', () => {
  const gathering = gather('r/b#1', 'r/a#1', 'r/b#2');
  gathering.take();
  gathering.add([event('r/0#1')]);
  expect(gathering.first?.eventId).toBe('r/b#1');
});

test('pages show the newest generation of each file, in order of arrival', () => {
  const gathering = gather('r/c#1', 'r/a#1', 'r/b#1', 'r/c#2');
  gathering.take();
  const pages = [0, 1, 2].map((page) => gathering.page(page, 2).map(({ eventId }) => eventId));
  expect(pages).toEqual([['r/c#2', 'r/a#1'], ['r/b#1'], []]);
  expect(gathering.announced).toBe(3);
});
