import type { Emulators } from './emulators';
import { type DataFile, isWaiting, TARGETS } from './workload';

const SHOWN = 5;

/** What is not as it must be; empty when all is. */
export async function problemsOf(
  standIns: Emulators,
  uploaded: readonly DataFile[],
  unexpected: readonly string[],
): Promise<string[]> {
  const problems = [...unexpected];
  for (const { name } of TARGETS) {
    const wanted = uploaded.filter(({ target }) => target === name).flatMap(({ ids }) => ids);
    const found = await standIns.ids(name);
    const times = new Map<number, number>();
    for (const id of found) times.set(id, (times.get(id) ?? 0) + 1);
    const known = new Set(wanted);
    tell(
      problems,
      `${name}: rows lost`,
      wanted.filter((id) => !times.has(id)),
    );
    tell(
      problems,
      `${name}: rows more than once`,
      [...times].filter(([, count]) => count > 1).map(([id]) => id),
    );
    tell(
      problems,
      `${name}: rows that nobody uploaded`,
      [...times.keys()].filter((id) => !known.has(id)),
    );
  }
  const objects = await standIns.objects();
  const left = (part: string) => objects.filter((name) => name.includes(part));
  tell(problems, 'sources not deleted', objects.filter(isWaiting));
  tell(problems, 'journal not closed', left('/Journal/Running/'));
  tell(problems, 'job or window files left', [...left('/Tasks/'), ...left('/_bqjob_/'), ...left('/_batch_/')]);
  tell(problems, 'temporary tables left', await standIns.otherTables());
  const broken = uploaded.filter(({ ids }) => ids.length === 0).length;
  const aside = [...left('/Corrupted/'), ...left('/InvalidSchema/')].length;
  if (aside !== broken) problems.push(`${broken} broken files were uploaded, ${aside} set aside`);
  const unsettled = [...(await standIns.ledger())].filter(([, state]) => state === 'intent').map(([name]) => name);
  tell(problems, 'ledger parts at intent', unsettled);
  return problems;
}

function tell(problems: string[], what: string, items: readonly (string | number)[]): void {
  if (items.length === 0) return;
  problems.push(`${what}: ${items.length} (${items.slice(0, SHOWN).join(', ')}${items.length > SHOWN ? ', …' : ''})`);
}
