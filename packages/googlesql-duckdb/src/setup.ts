export { setupConnection } from './runtime/register';
