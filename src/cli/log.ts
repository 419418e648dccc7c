import pino, { type Logger } from 'pino';

/** pino's levels as Cloud Logging names severities. */
const SEVERITY: Readonly<Record<string, string>> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/** Structured lines on standard output, in the fields that Cloud Logging reads. */
export function makeLog(component: string): Logger {
  return pino({
    messageKey: 'message',
    base: { component },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ severity: SEVERITY[label] ?? 'DEFAULT' }) },
  });
}
