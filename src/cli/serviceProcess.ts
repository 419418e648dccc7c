/** Reports to the parent process, if there is one, that this process is ready. */
export function reportReady(port?: number): void {
  process.send?.({ ready: true, port });
}

/** Resolves on SIGINT or SIGTERM, or when the parent process ends. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(signal, () => resolve());
  });
}
