export { batchWindow } from './batchWindow';
export { fileLoad } from './fileLoad';
