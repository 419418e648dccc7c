import { type CatalogTable, tableKey } from './catalog';
import type { JobContext } from './jobs/context';

const SWEEP_MS = 5_000;

/** Results of queries that are kept although they are older than RESULT_MS. */
const KEPT_RESULTS = 500;
const RESULT_MS = 10 * 60 * 1000;

/** Drops tables whose time is over; until then nobody sees them. Returns what ends it. */
export function sweepExpired(context: JobContext): () => void {
  const timer = setInterval(() => {
    sweep(context).catch((error: unknown) => console.error('expired tables could not be dropped', error));
  }, SWEEP_MS);
  timer.unref();
  return () => clearInterval(timer);
}

async function sweep({ catalog, database, queues }: JobContext): Promise<void> {
  const old = catalog.projects().flatMap((projectId) =>
    catalog
      .datasets(projectId, true)
      .filter(({ datasetReference: { datasetId } }) => /^_[0-9a-f]{40}$/.test(datasetId))
      .flatMap(({ datasetReference }) => superfluous(catalog.tables(datasetReference))),
  );
  for (const table of [...catalog.expired(), ...old]) {
    const ref = table.resource.tableReference;
    await queues.run(tableKey(ref), async () => {
      // It may have been changed or dropped while this waited.
      if (!catalog.expired().includes(table) && catalog.findTable(ref) !== table) return;
      await database.transaction((transaction) => catalog.dropTable(transaction, table));
    });
  }
}

/** Results that nobody will page through any more: thousands of tables would be slow and large. */
function superfluous(results: readonly CatalogTable[]): CatalogTable[] {
  const age = (table: CatalogTable): number => Date.now() - Number(table.resource.creationTime ?? 0);
  return [...results]
    .sort((one, two) => age(one) - age(two))
    .slice(KEPT_RESULTS)
    .filter((table) => age(table) > RESULT_MS);
}
