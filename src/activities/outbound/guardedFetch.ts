import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, fetch, type RequestInit, type Response } from 'undici';
import type { HostPolicy } from './hostPolicy';

/** The configuration does not allow the host. */
export class HostRefused extends Error {
  override readonly name = 'HostRefused';
}

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Calls servers outside Google. The address is checked when a connection is opened, also for redirections: a name is resolved once,
 * and the checked address is the one that is used, so that it cannot change in between.
 */
export class GuardedFetch {
  private readonly dispatcher: Agent;

  constructor(policy: HostPolicy) {
    const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: checkedLookup(policy) });
    this.dispatcher = new Agent({
      connect(options, callback) {
        const host = options.hostname.replace(/^\[|\]$/g, '');
        const refusal = isIP(host) ? policy.refusal(host, host) : undefined;
        if (refusal !== undefined) callback(new HostRefused(refusal), null);
        else connect(options, callback);
      },
    });
  }

  /** Same as `fetch`. @throws TypeError with `HostRefused` as its cause for a host that is not allowed */
  fetch(url: string, init: RequestInit): Promise<Response> {
    return fetch(url, { ...init, dispatcher: this.dispatcher });
  }
}

/** Resolves names. All addresses of a name must be allowed, because the caller may use any of them. */
function checkedLookup(policy: HostPolicy): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const refusal = addresses
        .map(({ address }) => policy.refusal(host, address))
        .find((reason) => reason !== undefined);
      if (refusal !== undefined) return callback(new HostRefused(refusal), []);
      const [first] = addresses;
      if (options.all || !first) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}
