import { runAsProcess } from '../serviceProcess';
import { parseOptions } from './options';
import { startBigQuery } from './server';

runAsProcess('BigQuery stand-in', () => startBigQuery(parseOptions(process.argv[2])));
