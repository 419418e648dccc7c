import { optionsFromArgument, runAsProcess } from '@bqtail/emulator-kit';
import { optionsSchema } from './options';
import { startStorage } from './server';

runAsProcess('Cloud Storage emulator', () => startStorage(optionsFromArgument(optionsSchema)));
