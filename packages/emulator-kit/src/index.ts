export { controlRoutes } from './faults/controlRoutes';
export { CALL_ACTIONS, faultFields, matchFields } from './faults/faultFields';
export { FaultList } from './faults/faultList';
export { problems } from './faults/problems';
export { struckCall } from './faults/struckCall';
export { type ListeningService, runAsProcess } from './serviceProcess';
