export { type StackProcess, type StackProcessOptions, startProcess } from './childProcess';
export { injectFaults, readFaultsFile } from './faultsFile';
export { choosePorts } from './ports';
export { allOrNone, type Services, startService, startServices } from './stack';
export { cacheFolder, findServer, getServer } from './temporal/findServer';
export { UsageError } from './usageError';
