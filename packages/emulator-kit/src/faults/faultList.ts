/** The fields of a fault that the list uses. */
export interface ListedFault {
  readonly match: { readonly path?: string | undefined };
  readonly times?: number | undefined;
  readonly probability?: number | undefined;
  readonly seed?: number | undefined;
}

interface Armed<F> {
  readonly fault: F;
  readonly path: RegExp | undefined;
  readonly random: () => number;
  injected: number;
}

/** The faults in force, and how often each was injected. */
export class FaultList<F extends ListedFault> {
  private armed: Armed<F>[] = [];

  constructor(faults: readonly F[] = []) {
    this.set(faults);
  }

  /** Replaces all faults. */
  set(faults: readonly F[]): void {
    this.armed = faults.map((fault) => ({
      fault,
      path: fault.match.path === undefined ? undefined : new RegExp(fault.match.path),
      random: generator(fault.seed ?? 1),
      injected: 0,
    }));
  }

  list(): object[] {
    return this.armed.map(({ fault, injected }) => ({ ...fault, injected }));
  }

  /**
   * The first fault that strikes a call. It is counted as injected.
   *
   * @param matches whether a fault matches the call, apart from its path.
   * @param paths spellings of the path of the call; the fault must match one of them.
   */
  first(matches: (fault: F) => boolean, ...paths: string[]): F | undefined {
    for (const armed of this.armed) {
      const { fault, path } = armed;
      if (!matches(fault) || (path && !paths.some((spelling) => path.test(spelling)))) continue;
      if (armed.injected >= (fault.times ?? Number.POSITIVE_INFINITY)) continue;
      if (armed.random() >= (fault.probability ?? 1)) continue;
      armed.injected++;
      return fault;
    }
    return undefined;
  }
}

/** Numbers in [0, 1), the same for the same seed (mulberry32), so that a run with faults can be repeated. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
