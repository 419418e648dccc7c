import { runAsProcess } from '@bqtail/emulator-kit';
import { parseOptions } from './options';
import { startCatcher } from './server';

runAsProcess('request catcher', () => startCatcher(parseOptions(process.argv[2])));
