import { type CatalogTable, tableKey } from './catalog';
import type { JobContext } from './jobs/context';

const INTERVAL_MS = 5_000;

/** The newest query results of a project are kept even if they are older than RESULT_MS. */
const KEPT_RESULTS = 500;
const RESULT_MS = 10 * 60 * 1000;

/**
 * Drops expired tables and surplus query results at intervals. Expired tables are hidden until then (`Catalog.findTable`).
 *
 * @returns a function that ends it.
 */
export function dropExpiredRegularly(context: JobContext): () => void {
  const timer = setInterval(() => {
    dropExpired(context).catch((error: unknown) => console.error('expired tables could not be dropped', error));
  }, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

async function dropExpired({ catalog, database, queues }: JobContext): Promise<void> {
  const old = catalog.projects().flatMap((projectId) =>
    catalog
      .datasets(projectId, true)
      .filter(({ datasetReference: { datasetId } }) => /^_[0-9a-f]{40}$/.test(datasetId))
      .flatMap(({ datasetReference }) => surplus(catalog.tables(datasetReference))),
  );
  for (const table of [...catalog.expired(), ...old]) {
    const ref = table.resource.tableReference;
    await queues.run(tableKey(ref), async () => {
      // Another job may have changed or dropped the table meanwhile.
      if (!catalog.expired().includes(table) && catalog.findTable(ref) !== table) return;
      await database.transaction((transaction) => catalog.dropTable(transaction, table));
    });
  }
}

/** Old results that no client pages through any more. Thousands of tables would be slow and large. */
function surplus(results: readonly CatalogTable[]): CatalogTable[] {
  const age = (table: CatalogTable): number => Date.now() - Number(table.resource.creationTime ?? 0);
  return [...results]
    .sort((one, two) => age(one) - age(two))
    .slice(KEPT_RESULTS)
    .filter((table) => age(table) > RESULT_MS);
}
