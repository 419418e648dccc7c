import { isIPv4, isIPv6 } from 'node:net';
import { type BridgeSettings, ConfigError } from '../config/config';

/**
 * Refuses to listen on a public address without verifying push tokens.
 *
 * @param allowed whether the command line allows it; default: Bridge.AllowUnauthenticated.
 * @throws ConfigError that names the settings which make it safe.
 */
export function checkListening(
  { host, push, allowUnauthenticated }: Pick<BridgeSettings, 'host' | 'push' | 'allowUnauthenticated'>,
  allowed = allowUnauthenticated ?? false,
): void {
  if (push || allowed || isLoopback(host)) return;
  throw new ConfigError(
    `Bridge.Host: found ${host}, a public address, but push tokens are not verified: set Bridge.Push ` +
      '(Audience, ServiceAccounts), listen on 127.0.0.1, or, if a proxy verifies the tokens, set ' +
      'Bridge.AllowUnauthenticated or give --allow-unauthenticated',
  );
}

function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith('127.');
  if (isIPv6(host)) return /^(0*:)*:?0*1$/.test(host) || /^::ffff:127\./i.test(host);
  return host === 'localhost';
}
