import type { Emulators } from './emulators';
import { type DataFile, isWaiting, TARGETS } from './workload';

const SHOWN = 5;

/** All differences from the expected result. */
export async function problemsOf(
  emulators: Emulators,
  uploaded: readonly DataFile[],
  unexpected: readonly string[],
): Promise<string[]> {
  const problems = [...unexpected];
  for (const { name } of TARGETS) {
    const wanted = uploaded.filter(({ target }) => target === name).flatMap(({ ids }) => ids);
    const actual = await emulators.ids(name);
    const times = new Map<number, number>();
    for (const id of actual) times.set(id, (times.get(id) ?? 0) + 1);
    const expected = new Set(wanted);
    report(
      problems,
      `${name}: rows lost`,
      wanted.filter((id) => !times.has(id)),
    );
    report(
      problems,
      `${name}: rows more than once`,
      [...times].filter(([, count]) => count > 1).map(([id]) => id),
    );
    report(
      problems,
      `${name}: rows that nobody uploaded`,
      [...times.keys()].filter((id) => !expected.has(id)),
    );
  }
  const objects = await emulators.objects();
  const left = (part: string) => objects.filter((name) => name.includes(part));
  report(problems, 'sources not deleted', objects.filter(isWaiting));
  report(problems, 'journal not closed', left('/Journal/Running/'));
  report(problems, 'job or window files left', [...left('/Tasks/'), ...left('/_bqjob_/'), ...left('/_batch_/')]);
  report(problems, 'temporary tables left', await emulators.otherTables());
  const broken = uploaded.filter(({ ids }) => ids.length === 0).length;
  const quarantined = [...left('/Corrupted/'), ...left('/InvalidSchema/')].length;
  if (quarantined !== broken) problems.push(`${broken} broken files were uploaded, ${quarantined} quarantined`);
  const unsettled = [...(await emulators.ledger())].filter(([, state]) => state === 'intent').map(([name]) => name);
  report(problems, 'ledger entries at intent', unsettled);
  return problems;
}

function report(problems: string[], what: string, items: readonly (string | number)[]): void {
  if (items.length === 0) return;
  problems.push(`${what}: ${items.length} (${items.slice(0, SHOWN).join(', ')}${items.length > SHOWN ? ', …' : ''})`);
}
