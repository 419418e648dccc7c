import { optionsFromArgument, runAsProcess } from '@bqtail/emulator-kit';
import { optionsSchema } from './options';
import { startCatcher } from './server';

runAsProcess('request catcher', () => startCatcher(optionsFromArgument(optionsSchema)));
