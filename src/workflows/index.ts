export { backfill } from './backfill';
export { batchWindow } from './batchWindow';
export { fileLoad } from './fileLoad';
export { windowGroup } from './windowGroup';
