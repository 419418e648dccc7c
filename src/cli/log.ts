import pino, { type Logger, type LoggerOptions } from 'pino';

/** Severities of Cloud Logging by pino's levels. */
const SEVERITY: Readonly<Record<string, string>> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/** Writes structured lines with the fields of Cloud Logging; to standard error when standard output carries data. */
export function makeLog(component: string, stream: 'stdout' | 'stderr' = 'stdout'): Logger {
  const options: LoggerOptions = {
    messageKey: 'message',
    base: { component },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ severity: SEVERITY[label] ?? 'DEFAULT' }) },
  };
  return stream === 'stdout' ? pino(options) : pino(options, process.stderr);
}
