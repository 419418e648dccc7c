import { readFile } from 'node:fs/promises';
import type { StackProcess } from '@bqtail/local-stack';
import type { Random } from './random';
import type { Tally } from './tally';

/** A process that may be killed, with a way to start another one. */
export interface Victim {
  readonly name: string;
  current: StackProcess;
  start(): Promise<StackProcess>;
}

/** Kills processes at random points, and starts others in their place. */
export class Kills {
  private ended = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly victims: readonly Victim[],
    private readonly random: Random,
    private readonly tally: Tally,
  ) {}

  /** @param everyMs mean time between kills, milliseconds */
  begin(everyMs: number): void {
    this.running = this.run(everyMs);
  }

  /** Stops killing. Ends when the last killed process is replaced. */
  async end(): Promise<void> {
    this.ended = true;
    await this.running;
  }

  private async run(everyMs: number): Promise<void> {
    while (!this.ended) {
      await this.pause(this.random.between(everyMs / 2, (everyMs * 3) / 2));
      if (this.ended) return;
      // Most faults are possible in the worker, so kill it most often.
      const victim = this.random.happens(0.6) ? this.victims[0] : this.random.pick(this.victims);
      if (!victim) return;
      this.tally.add(`${victim.name} killed`);
      await killTree(victim.current);
      await this.pause(this.random.between(0, 2000));
      victim.current = await victim.start();
    }
  }

  private async pause(ms: number): Promise<void> {
    const until = Date.now() + ms;
    while (Date.now() < until && !this.ended) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Kills a process and its children, so that none of them can shut down in order. */
export async function killTree({ process: child, kill }: StackProcess): Promise<void> {
  const { pid } = child;
  const children = pid === undefined ? '' : await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  await kill();
  for (const id of children.split(' ').map(Number)) {
    if (id > 0) endProcess(id);
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has ended by itself.
  }
}
