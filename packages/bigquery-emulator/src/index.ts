export { faultsSchema } from './faults';
export type { BigQueryOptions } from './options';
export { startBigQuery } from './server';
