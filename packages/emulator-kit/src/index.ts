export { controlRoutes } from './faults/controlRoutes';
export { CALL_ACTIONS, faultFields, matchFields } from './faults/faultFields';
export { FaultList } from './faults/faultList';
export { problems } from './faults/problems';
export { struckCall } from './faults/struckCall';
export { type ListeningService, type ListenOptions, listen, portOf } from './listen';
export { optionsFromArgument } from './optionsFromArgument';
export { runAsProcess } from './serviceProcess';
