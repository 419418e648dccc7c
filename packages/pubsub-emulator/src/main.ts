import { optionsFromArgument, runAsProcess } from '@bqtail/emulator-kit';
import { optionsSchema } from './options';
import { startPubSub } from './server';

runAsProcess('Pub/Sub emulator', () => startPubSub(optionsFromArgument(optionsSchema)));
