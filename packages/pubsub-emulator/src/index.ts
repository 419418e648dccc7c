export { startPubSub } from './server';
