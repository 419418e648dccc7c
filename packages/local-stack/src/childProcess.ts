import { type ChildProcess, fork } from 'node:child_process';

/** A process of the stack. It ends with its parent. */
export interface StackProcess {
  readonly name: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** Ends it in an orderly way, or by SIGKILL when that takes too long. */
  stop(): Promise<void>;
  /** Ends it by SIGKILL, as an outage would. */
  kill(): Promise<void>;
}

/** Options of a process. */
export interface StackProcessOptions {
  readonly name: string;
  /** Absolute path of the compiled script. */
  readonly script: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Destination of its standard output. */
  readonly stdout: 'stdout' | 'stderr' | 'ignore';
}

const STOP_TIMEOUT_MS = 15_000;

/**
 * Starts a script in a process of its own and waits until it reports that it is ready.
 *
 * @throws Error with the end of its standard error when it ends before that.
 */
export async function startProcess(options: StackProcessOptions): Promise<StackProcess> {
  const child = fork(options.script, [...options.args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...options.env },
    execArgv: ['--enable-source-maps'],
  });
  let errorOutput = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errorOutput = (errorOutput + chunk.toString()).slice(-2000);
    process.stderr.write(chunk);
  });
  if (options.stdout === 'ignore') child.stdout?.resume();
  else child.stdout?.pipe(process[options.stdout], { end: false });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    child.on('message', (message) => {
      const { ready, port: listening } = Object(message);
      if (ready === true) resolve(Number(listening ?? 0));
    });
    child.once('exit', (code) =>
      reject(new Error(`${options.name} ended (${code}) before it was ready: ${errorOutput.trim()}`)),
    );
  });
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  return {
    name: options.name,
    port,
    process: child,
    kill: () => end('SIGKILL'),
    async stop() {
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await end('SIGTERM');
      clearTimeout(timer);
    },
  };
}
