import { readFile } from 'node:fs/promises';
import type { StackProcess } from '@bqtail/local-stack';
import type { Random } from './random';
import type { Tally } from './tally';

/** A process that may be killed, and how another takes its place. */
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

  /** @param everyMs how long processes live on average. */
  begin(everyMs: number): void {
    this.running = this.run(everyMs);
  }

  /** Ends when the last process that was killed has a successor. */
  async end(): Promise<void> {
    this.ended = true;
    await this.running;
  }

  private async run(everyMs: number): Promise<void> {
    while (!this.ended) {
      await this.pause(this.random.between(everyMs / 2, (everyMs * 3) / 2));
      if (this.ended) return;
      // The worker has most to lose.
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

/** Kills a process and those that it has started, so that none of them can end in order. */
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
    // It has ended by itself meanwhile.
  }
}
