export { faultsSchema } from './faults';
export { startStorage } from './server';
