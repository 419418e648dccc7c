import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** An emulator as a child process. */
export interface ForkedProcess {
  readonly child: ChildProcess;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
}

const children: ChildProcess[] = [];

/** Starts the compiled `main.js` of an emulator and waits until it listens. */
export async function forkProcess(main: string, options: object): Promise<ForkedProcess> {
  const child = track(fork(main, [JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
  const [ready] = await once(child, 'message');
  expect(ready).toEqual({ ready: true, port: expect.any(Number) });
  return { child, url: `http://127.0.0.1:${ready.port}` };
}

/** Remembers a child process for `killProcesses`. */
export function track<Child extends ChildProcess>(child: Child): Child {
  children.push(child);
  return child;
}

/** Kills all child processes of the test; for `afterEach`. */
export function killProcesses(): void {
  for (const child of children.splice(0)) child.kill('SIGKILL');
}
