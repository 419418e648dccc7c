/** Tells a parent process that started this one, if any, that it serves. */
export function tellReady(port?: number): void {
  process.send?.({ ready: true, ...(port === undefined ? {} : { port }) });
}

/** Resolves when the process is asked to end, or its parent is gone. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(signal, () => resolve());
  });
}
