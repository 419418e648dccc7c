import ipaddr from 'ipaddr.js';

/**
 * Decides which hosts may be called. Without a list: all hosts with a public address. With a list: the hosts that it contains, by
 * name (`api.example.com`, `*.example.com`), address or range (`10.0.0.0/8`); `*` means all hosts with a public address. An address
 * that is not public, such as a loopback, private or link-local one, must be in the list.
 */
export class HostPolicy {
  constructor(private readonly hosts: readonly string[] | undefined) {}

  /** The reason why a host must not be called at one of its addresses; undefined when it may. */
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
