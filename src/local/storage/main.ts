import { runAsProcess } from '../serviceProcess';
import { parseOptions } from './options';
import { startStorage } from './server';

runAsProcess('Cloud Storage stand-in', () => startStorage(parseOptions(process.argv[2])));
