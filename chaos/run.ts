import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePorts, getServer, startService, startServices } from '@bqtail/local-stack';
import { DEV_NAMES } from '../src/cli/dev/appConfig';
import { startApp } from '../src/cli/dev/localApp';
import { Deliveries } from './deliveries';
import { Emulators } from './emulators';
import { ServiceFaults } from './faults';
import { Kills, killTree, type Victim } from './kills';
import { Random } from './random';
import { Tally } from './tally';
import { problemsOf } from './verdict';
import { settled } from './workflows';
import { type DataFile, Workload } from './workload';

/** Options of a run. */
export interface ChaosOptions {
  readonly seed: number;
  readonly minutes: number;
  /** Safeguards to switch off. */
  readonly without: string;
  readonly say: (line: string) => void;
}

/** Result of a run. */
export interface ChaosReport {
  readonly seed: number;
  readonly minutes: number;
  readonly files: number;
  readonly broken: number;
  readonly rows: number;
  readonly faults: Record<string, number>;
  readonly problems: readonly string[];
}

const KILL_EVERY_MS = 7000;

/** Uploads random files during faults and kills, ends the faults, waits until all workflows end, and checks the result. */
export async function run({ seed, minutes, without, say }: ChaosOptions): Promise<ChaosReport> {
  await getServer(say);
  const random = new Random(seed);
  const tally = new Tally();
  const dataDir = await mkdtemp(join(tmpdir(), 'bqtail-chaos-'));
  const ports = await choosePorts(0);
  const database = join(dataDir, 'temporal.db');
  const temporalOptions = { port: ports.temporal, uiPort: ports.ui, database };
  const startTemporal = () => startService('temporal', temporalOptions, 'ignore');
  const temporal: Victim = { name: 'Temporal server', current: await startTemporal(), start: startTemporal };
  process.env['TEMPORAL_ADDRESS'] = `127.0.0.1:${ports.temporal}`;
  const services = await startServices({ ports, dataDir, project: DEV_NAMES.project });
  const app = await startApp(services, DEV_NAMES, {
    dataDir,
    bridgePort: ports.bridge,
    stdout: 'ignore',
    worker: { script: join(__dirname, 'worker.js'), args: ['--without', without] },
  });
  const worker: Victim = { name: 'worker', current: app.worker, start: () => app.startWorker() };
  const bridge: Victim = {
    name: 'bridge',
    current: app.bridge,
    start: () => app.startBridge(),
  };
  const deliveries = await Deliveries.start(`http://127.0.0.1:${ports.bridge}/`, random, tally);
  const emulators = new Emulators(services, DEV_NAMES);
  const faults = new ServiceFaults(services.storage, services.bigquery);
  const kills = new Kills([worker, bridge, temporal], random, tally);
  try {
    await emulators.prepare(deliveries.url);
    // Bridge and worker must read the rules before the first file arrives.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await faults.set(random, DEV_NAMES.opsBucket);
    kills.begin(KILL_EVERY_MS);
    say(`seed ${seed}: ${minutes} min of faults`);
    const uploaded = await uploadFor(minutes * 60_000, new Workload(random), random, emulators);
    say(`${uploaded.length} files uploaded; the faults end`);
    await kills.end();
    await faults.end(tally);
    await deliveries.calmDown();
    const unexpected = await settled(services.temporal, emulators, say);
    const problems = await problemsOf(emulators, uploaded, unexpected);
    const good = uploaded.filter(({ ids }) => ids.length > 0);
    const rows = good.reduce((sum, { ids }) => sum + ids.length, 0);
    return {
      seed,
      minutes,
      files: uploaded.length,
      broken: uploaded.length - good.length,
      rows,
      faults: tally.toJSON(),
      problems,
    };
  } finally {
    await kills.end();
    await Promise.all([bridge.current.stop(), app.stop(), deliveries.stop()]);
    await Promise.all([killTree(temporal.current), ...services.processes.map((process) => process.stop())]);
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function uploadFor(ms: number, workload: Workload, random: Random, emulators: Emulators): Promise<DataFile[]> {
  const until = Date.now() + ms;
  const uploaded: DataFile[] = [];
  while (Date.now() < until) {
    const burst = Array.from({ length: random.happens(0.2) ? random.between(2, 15) : 1 }, () => workload.next());
    await Promise.all(burst.map((file) => emulators.upload(file)));
    uploaded.push(...burst);
    await new Promise((resolve) => setTimeout(resolve, random.between(20, 500)));
  }
  return uploaded;
}
