import ipaddr from 'ipaddr.js';

/**
 * Which hosts may be reached. Without a list: every one at a public address. With one: those that it names, by name
 * (`api.example.com`, `*.example.com`), by address or by range (`10.0.0.0/8`); `*` stands for every one at a public address.
 * Addresses that are not public - loopback, private, link-local, and whatever else is not routed - must be named.
 */
export class HostPolicy {
  constructor(private readonly hosts: readonly string[] | undefined) {}

  /** Why a host must not be reached at an address that its name stands for; undefined when it may. */
  refusal(host: string, address: string): string | undefined {
    const parsed = ipaddr.process(address.replace(/^\[|\]$/g, ''));
    if (this.hosts?.some((entry) => covers(entry, host.toLowerCase(), parsed))) return undefined;
    const range = parsed.range();
    if (range !== 'unicast') return `${host} is at a ${range} address, and Outbound.Hosts does not list it`;
    if (this.hosts === undefined || this.hosts.includes('*')) return undefined;
    return `Outbound.Hosts does not list ${host}`;
  }
}

function covers(entry: string, host: string, address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  const name = entry.toLowerCase();
  if (ipaddr.isValidCIDR(name)) {
    const [network, bits] = ipaddr.parseCIDR(name);
    return network.kind() === address.kind() && address.match(network, bits);
  }
  if (ipaddr.isValid(name)) return ipaddr.process(name).toNormalizedString() === address.toNormalizedString();
  return name.startsWith('*.') ? host.endsWith(name.slice(1)) : name === host;
}
