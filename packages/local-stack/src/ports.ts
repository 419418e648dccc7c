import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { listen } from '@bqtail/emulator-kit';
import { UsageError } from './usageError';

/** Ports of the stack. */
export interface Ports {
  readonly storage: number;
  readonly bigquery: number;
  readonly temporal: number;
  readonly ui: number;
  readonly bridge: number;
  readonly pubsub: number;
  readonly catcher: number;
}

const LOWEST_FREE = 10_000;
const LOWEST_OUTGOING = 32_768;

/** In the order of their ports after `base`. New names go to the end, so that the others keep their ports. */
const NAMES = ['storage', 'bigquery', 'temporal', 'ui', 'bridge', 'pubsub', 'catcher'] as const;
/** The usual ports of these services. */
const DEFAULTS: Ports = {
  storage: 4443,
  bigquery: 9050,
  temporal: 7233,
  ui: 8233,
  bridge: 8080,
  pubsub: 8085,
  catcher: 8090,
};

/**
 * Chooses the ports of a stack: the defaults without a base, consecutive ports from `base` on, or free ports for base 0.
 *
 * @throws UsageError when a port is in use.
 */
export async function choosePorts(base: number | undefined): Promise<Ports> {
  if (base === 0) return namedPorts(await freePorts(NAMES.length));
  const ports = base === undefined ? DEFAULTS : namedPorts(NAMES.map((_name, index) => base + index));
  for (const name of NAMES) {
    if (!(await isFree(ports[name]))) {
      throw new UsageError(
        `port ${ports[name]} (${name}) is in use; choose a row of others by --port-base N, or 0 for free ones`,
      );
    }
  }
  return ports;
}

function namedPorts(ports: readonly number[]): Ports {
  const [storage = 0, bigquery = 0, temporal = 0, ui = 0, bridge = 0, pubsub = 0, catcher = 0] = ports;
  return { storage, bigquery, temporal, ui, bridge, pubsub, catcher };
}

/**
 * Random free ports below the range that systems use for outgoing connections, so that no connection takes a port before
 * its service listens. They are random so that stacks that start at the same time hardly ever choose the same ones.
 */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(LOWEST_FREE, LOWEST_OUTGOING);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  try {
    const { close } = await listen(createServer(), { port });
    await close();
    return true;
  } catch {
    return false;
  }
}
