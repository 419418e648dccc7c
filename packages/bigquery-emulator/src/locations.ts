import type { Catalog } from './catalog';
import { notFound } from './errors';
import type { JobConfiguration } from './resources';

/** A location as the service spells it: multi-regions in upper case, regions in lower case. */
export function locationName(location: string): string {
  return /^(?:us|eu)$/i.test(location) ? location.toUpperCase() : location.toLowerCase();
}

/**
 * Where a job runs: at the requested location, else at that of the first dataset that the configuration names.
 *
 * @throws BigQueryError when a dataset is not at the requested location.
 */
export function jobLocation(
  catalog: Catalog,
  project: string,
  { load, copy, extract, query }: JobConfiguration,
  requested: string | undefined,
): string | undefined {
  const references = [
    load?.destinationTable,
    copy?.destinationTable,
    extract?.sourceTable,
    query?.destinationTable,
    query?.defaultDataset,
  ];
  const jobLocation = requested ? locationName(requested) : undefined;
  let datasetLocation: string | undefined;
  for (const ref of references) {
    if (!ref?.datasetId) continue;
    const { projectId = project, datasetId } = ref;
    const location = catalog.findDataset({ projectId, datasetId })?.location;
    if (jobLocation && location && location !== jobLocation) {
      throw notFound(`Dataset ${projectId}:${datasetId} was not found in location ${jobLocation}`);
    }
    datasetLocation ??= location;
  }
  return jobLocation ?? datasetLocation;
}
