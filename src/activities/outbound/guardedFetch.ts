import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, fetch, type RequestInit, type Response } from 'undici';
import type { HostPolicy } from './hostPolicy';

/** A host that must not be reached. */
export class HostRefused extends Error {
  override readonly name = 'HostRefused';
}

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Calls other people's servers. The address is judged where the connection is made, for redirections too: what a name stands
 * for is looked up once, judged and used, so that it cannot change in between.
 */
export class GuardedFetch {
  private readonly dispatcher: Agent;

  constructor(policy: HostPolicy) {
    const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: judgedLookup(policy) });
    this.dispatcher = new Agent({
      connect(options, callback) {
        const host = options.hostname.replace(/^\[|\]$/g, '');
        const refusal = isIP(host) ? policy.refusal(host, host) : undefined;
        if (refusal !== undefined) callback(new HostRefused(refusal), null);
        else connect(options, callback);
      },
    });
  }

  /** As `fetch`. @throws TypeError with `HostRefused` as its cause, among others. */
  fetch(url: string, init: RequestInit): Promise<Response> {
    return fetch(url, { ...init, dispatcher: this.dispatcher });
  }
}

/** All addresses of a name must be allowed: which one is taken is not known here. */
function judgedLookup(policy: HostPolicy): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const refusal = addresses
        .map(({ address }) => policy.refusal(host, address))
        .find((found) => found !== undefined);
      if (refusal !== undefined) return callback(new HostRefused(refusal), []);
      const [first] = addresses;
      if (options.all || !first) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}
