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

/** New ones come last: a row of ports is known by its first. */
const NAMES = ['storage', 'bigquery', 'temporal', 'ui', 'bridge', 'pubsub', 'catcher'] as const;
/** Those that users of the same services expect. */
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
 * Ports of a stack: the defaults, a row from `base` on, or free ones for base 0.
 *
 * @throws UsageError when one is taken.
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
 * Drawn from below those that systems give to outgoing connections, so that none is taken before its service listens. Stacks
 * that start at the same time draw different ones, as good as always.
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
