import { runAsProcess } from '@bqtail/emulator-kit';
import { parseOptions } from './options';
import { startStorage } from './server';

runAsProcess('Cloud Storage stand-in', () => startStorage(parseOptions(process.argv[2])));
