import { runAsProcess } from '@bqtail/emulator-kit';
import { parseOptions } from './options';
import { startBigQuery } from './server';

runAsProcess('BigQuery emulator', () => startBigQuery(parseOptions(process.argv[2])));
