import { isIPv4, isIPv6 } from 'node:net';
import { type BridgeSettings, ConfigError } from '../config/config';

/**
 * Refuses an endpoint that others reach and that believes everybody.
 *
 * @param allowed the command line says that it may.
 * @throws ConfigError that tells the ways out.
 */
export function checkListening(
  { host, push, allowUnauthenticated }: Pick<BridgeSettings, 'host' | 'push' | 'allowUnauthenticated'>,
  allowed = allowUnauthenticated ?? false,
): void {
  if (push || allowed || isLoopback(host)) return;
  throw new ConfigError(
    `Bridge.Host: found ${host}, where others reach the endpoint, and push tokens are not verified: set Bridge.Push ` +
      '(Audience, ServiceAccounts), listen on 127.0.0.1, or, behind something that verifies them, set ' +
      'Bridge.AllowUnauthenticated or give --allow-unauthenticated',
  );
}

function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith('127.');
  if (isIPv6(host)) return /^(0*:)*:?0*1$/.test(host) || /^::ffff:127\./i.test(host);
  return host === 'localhost';
}
