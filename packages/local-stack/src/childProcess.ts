import { type ChildProcess, fork } from 'node:child_process';

/** A process of the stack. Its parent's end is its end. */
export interface StackProcess {
  readonly name: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** Ends it gently and waits for that. */
  stop(): Promise<void>;
  /** Ends it as an outage would. */
  kill(): Promise<void>;
}

/** How a process is started. */
export interface StackProcessOptions {
  readonly name: string;
  /** Absolute path of the compiled script. */
  readonly script: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Where its standard output goes. */
  readonly stdout: 'stdout' | 'stderr' | 'ignore';
}

const STOP_PATIENCE_MS = 15_000;

/**
 * Starts a script in a process of its own and waits until it says that it is ready.
 *
 * @throws Error with its last words when it ends before.
 */
export async function startProcess(options: StackProcessOptions): Promise<StackProcess> {
  const child = fork(options.script, [...options.args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...options.env },
    execArgv: ['--enable-source-maps'],
  });
  let lastWords = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-2000);
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
      reject(new Error(`${options.name} ended (${code}) before it was ready: ${lastWords.trim()}`)),
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
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
      await end('SIGTERM');
      clearTimeout(timer);
    },
  };
}
