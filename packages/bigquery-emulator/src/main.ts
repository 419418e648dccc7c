import { optionsFromArgument, runAsProcess } from '@bqtail/emulator-kit';
import { optionsSchema } from './options';
import { startBigQuery } from './server';

runAsProcess('BigQuery emulator', () => startBigQuery(optionsFromArgument(optionsSchema)));
