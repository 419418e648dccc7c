import { runAsProcess } from '@bqtail/emulator-kit';
import { parseOptions } from './options';
import { startPubSub } from './server';

runAsProcess('Pub/Sub stand-in', () => startPubSub(parseOptions(process.argv[2])));
