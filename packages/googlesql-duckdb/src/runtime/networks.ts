import { isIP } from 'node:net';
import { DuckDBBlobValue } from '@duckdb/node-api';
import { parse } from 'tldts';
import { define, fail, type RuntimeFunction } from './define';

const raw = (value: DuckDBBlobValue): Buffer => Buffer.from(value.bytes);

function parseIp(text: string): Buffer {
  const version = isIP(text);
  if (version === 4) return Buffer.from(text.split('.').map(Number));
  if (version === 0) return fail(`NET.IP_FROM_STRING: invalid IP address "${text}"`);
  const dotted = text.replace(
    /(\d+)\.(\d+)\.(\d+)\.(\d+)$/,
    (_all, a, b, c, d) =>
      `${((Number(a) << 8) | Number(b)).toString(16)}:${((Number(c) << 8) | Number(d)).toString(16)}`,
  );
  const [left = '', right] = dotted.split('::');
  const head = left === '' ? [] : left.split(':');
  const tail = right === undefined || right === '' ? [] : right.split(':');
  const words = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail];
  return Buffer.from(words.map((word) => word.padStart(4, '0')).join(''), 'hex');
}

function ipText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return fail(`NET.IP_TO_STRING() only accepts 4 or 16 bytes, got ${bytes.length}`);
  const words = (bytes.toString('hex').match(/.{4}/g) ?? []).map((word) => word.replace(/^0{1,3}/, ''));
  const runs = words.join(':').match(/(?:^|:)0(?::0)+(?=:|$)/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return words.join(':');
  const at = words.join(':').indexOf(longest);
  const text = words.join(':');
  return `${text.slice(0, at)}::${text.slice(at + longest.length).replace(/^:/, '')}`;
}

function host(url: string): string | null {
  const match =
    /^\s*(?:[A-Za-z][\w+.-]*:)?\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)/.exec(url) ??
    /^\s*(?:[^/?#@:]*@)?([^\s/?#@:]+)(?:[:/?#]|\s*$)/.exec(url);
  return match?.[1] === undefined || match[1] === '' ? null : match[1].trim();
}

/** The last part of the host that `part` selects by the public suffix list, without private suffixes. */
function ending(url: string, part: (parsed: ReturnType<typeof parse>) => string | null): string | null {
  const name = host(url);
  if (name === null || name.includes('..')) return null;
  const parsed = parse(name, { allowPrivateDomains: false });
  const suffix = parsed.isIcann ? part(parsed) : null;
  if (suffix === null) return null;
  return name.replace(/\.$/, '').split('.').slice(-suffix.split('.').length).join('.');
}

/** The NET functions. */
export const NETWORK_FUNCTIONS: readonly RuntimeFunction[] = [
  define('bq_net_host(STRING) -> STRING', host),
  define('bq_net_public_suffix(STRING) -> STRING', (url: string) => ending(url, ({ publicSuffix }) => publicSuffix)),
  define('bq_net_reg_domain(STRING) -> STRING', (url: string) => ending(url, ({ domain }) => domain)),
  define('bq_net_ip_from_string(STRING) -> BYTES', (text: string) => new DuckDBBlobValue(parseIp(text))),
  define('bq_net_ip_to_string(BYTES) -> STRING', (value: DuckDBBlobValue) => ipText(raw(value))),
  define('bq_net_ipv4_from_int(INT64) -> BYTES', (value: bigint) => {
    if (value < -0x80000000n || value > 0xffffffffn)
      fail(`NET.IPV4_FROM_INT64() encountered an integer out of range: ${value}`);
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(Number(BigInt.asUintN(32, value)));
    return new DuckDBBlobValue(bytes);
  }),
  define('bq_net_ipv4_to_int(BYTES) -> INT64', (value: DuckDBBlobValue) =>
    value.bytes.length === 4
      ? BigInt(raw(value).readUInt32BE())
      : fail(`NET.IPV4_TO_INT64() encountered a non-IPv4 address`),
  ),
  define('bq_net_mask(INT64, INT64) -> BYTES', (size: bigint, prefix: bigint) => {
    if ((size !== 4n && size !== 16n) || prefix < 0n || prefix > size * 8n)
      fail('NET.IP_NET_MASK() got an invalid size or prefix length');
    return new DuckDBBlobValue(mask(Number(size), Number(prefix)));
  }),
  define('bq_net_trunc(BYTES, INT64) -> BYTES', (value: DuckDBBlobValue, prefix: bigint) => {
    const bytes = raw(value);
    if (prefix < 0n || prefix > BigInt(bytes.length * 8)) fail('NET.IP_TRUNC() got an invalid prefix length');
    const keep = mask(bytes.length, Number(prefix));
    return new DuckDBBlobValue(bytes.map((byte, place) => byte & (keep[place] ?? 0)));
  }),
];

function mask(size: number, prefix: number): Buffer {
  return Buffer.from(
    '1'
      .repeat(prefix)
      .padEnd(size * 8, '0')
      .match(/.{8}/g)
      ?.map((eight) => Number.parseInt(eight, 2)) ?? [],
  );
}
