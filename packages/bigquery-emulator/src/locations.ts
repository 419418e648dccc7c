import type { Catalog } from './catalog';
import { notFound } from './errors';
import type { JobConfiguration } from './resources';

/** Multi-regions are written in capitals, regions are not. */
export function locationName(location: string): string {
  return /^(?:us|eu)$/i.test(location) ? location.toUpperCase() : location.toLowerCase();
}

/**
 * Where a job runs: where it is told to, else where the datasets are that it names.
 *
 * @throws BigQueryError when it is told to run where a dataset of its is not.
 */
export function jobLocation(
  catalog: Catalog,
  project: string,
  { load, copy, extract, query }: JobConfiguration,
  wanted: string | undefined,
): string | undefined {
  const named = [
    load?.destinationTable,
    copy?.destinationTable,
    extract?.sourceTable,
    query?.destinationTable,
    query?.defaultDataset,
  ];
  const given = wanted ? locationName(wanted) : undefined;
  let found: string | undefined;
  for (const ref of named) {
    if (!ref?.datasetId) continue;
    const { projectId = project, datasetId } = ref;
    const location = catalog.findDataset({ projectId, datasetId })?.location;
    if (given && location && location !== given) {
      throw notFound(`Dataset ${projectId}:${datasetId} was not found in location ${given}`);
    }
    found ??= location;
  }
  return given ?? found;
}
