export { faultsSchema } from './faults';
