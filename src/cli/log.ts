import pino, { type Logger, type LoggerOptions } from 'pino';

/** pino's levels as Cloud Logging names severities. */
const SEVERITY: Readonly<Record<string, string>> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/** Structured lines on standard output, in the fields that Cloud Logging reads; on standard error where that is for data. */
export function makeLog(component: string, stream: 'stdout' | 'stderr' = 'stdout'): Logger {
  const options: LoggerOptions = {
    messageKey: 'message',
    base: { component },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ severity: SEVERITY[label] ?? 'DEFAULT' }) },
  };
  return stream === 'stdout' ? pino(options) : pino(options, process.stderr);
}
