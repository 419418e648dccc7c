export { applyFault } from './faults/applyFault';
export { controlRoutes } from './faults/controlRoutes';
export { CALL_ACTIONS, faultFields, matchFields } from './faults/faultFields';
export { FaultList } from './faults/faultList';
export { problems } from './faults/problems';
export { type ListeningService, type ListenOptions, listen, portOf } from './listen';
export { optionsFromArgument } from './optionsFromArgument';
export { runAsProcess } from './serviceProcess';
