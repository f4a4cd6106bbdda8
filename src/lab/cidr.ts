import { IPv4, IPv4CidrRange, IPv4Prefix } from 'ip-num';

/** An IPv4 range: its network address, prefix length, and whether the text had bits set beyond the prefix. */
export interface Cidr {
  /** Network address as a number. */
  network: number;
  prefix: number;
  /** What stood in the text, as a number; differs from `network` when host bits were set. */
  written: number;
}

const dotted = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** Takes `192.168.56.10`; gives its number, or undefined. Leading zeros are refused: some programs read them as octal. */
export function parseAddress(text: string): number | undefined {
  return dotted.test(text) ? Number(IPv4.fromDecimalDottedString(text).getValue()) : undefined;
}

/** 3232249866 → `192.168.56.10` */
export function formatAddress(address: number): string {
  return IPv4.fromNumber(BigInt(address)).toString();
}

/** Takes `10.244.0.0/16`, host bits allowed; gives the range, or undefined when it is not an IPv4 CIDR. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(?<address>[\d.]{7,15})\/(?<prefix>\d|[12]\d|3[0-2])$/.exec(text);
  const written = parseAddress(match?.groups?.address ?? '');
  if (written === undefined) return undefined;
  const prefix = Number(match?.groups?.prefix);
  return { network: Number(range(written, prefix).getFirst().getValue()), prefix, written };
}

/** The range at its network address: `10.244.0.0/16`. */
export function formatCidr(cidr: Pick<Cidr, 'network' | 'prefix'>): string {
  return `${formatAddress(cidr.network)}/${cidr.prefix}`;
}

/** Whether the text's address had bits set beyond the prefix, as in `172.178.33.0/16`. */
export function hasHostBits(cidr: Cidr): boolean {
  return cidr.written !== cidr.network;
}

/** Number of addresses. */
function sizeOf(cidr: Pick<Cidr, 'prefix'>): number {
  return 2 ** (32 - cidr.prefix);
}

/** The last address: the broadcast address of a subnet. */
export function lastAddress(cidr: Pick<Cidr, 'network' | 'prefix'>): number {
  return cidr.network + sizeOf(cidr) - 1;
}

/** Whether two ranges share an address. */
export function overlaps(one: Cidr, other: Cidr): boolean {
  return contains(one, other) || contains(other, one);
}

/** Whether `inner` lies wholly within `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.prefix <= inner.prefix && containsAddress(outer, inner.network);
}

/** Whether an address lies within a range, network and broadcast address included. */
export function containsAddress(cidr: Cidr, address: number): boolean {
  return address >= cidr.network && address <= lastAddress(cidr);
}

/** Within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 (RFC 1918). */
export function isPrivate(cidr: Cidr): boolean {
  return privateRanges.some((outer) => contains(outer, cidr));
}

/** Within 100.64.0.0/10 (RFC 6598): not public, but shared with carriers' networks. */
export function isShared(cidr: Cidr): boolean {
  return contains(sharedRange, cidr);
}

/** Address number `n` of a range, from 0 (the network address); undefined beyond its end. */
export function nthAddress(cidr: Cidr, n: number): string | undefined {
  return Number.isInteger(n) && n >= 0 && n < sizeOf(cidr) ? formatAddress(cidr.network + n) : undefined;
}

/** Subnet number `n`, from 0, of those with this prefix length that a range is made of; undefined beyond its end. */
export function nthSubnet(cidr: Cidr, prefix: number, n: number): Cidr | undefined {
  if (
    prefix < cidr.prefix ||
    prefix > 32 ||
    !Number.isInteger(n) ||
    n < 0 ||
    n >= subnetCount(cidr, prefix)
  ) {
    return undefined;
  }
  const network = cidr.network + n * 2 ** (32 - prefix);
  return { network, prefix, written: network };
}

/** How many subnets of this prefix length a range holds; 0 when they are larger than the range. */
export function subnetCount(cidr: Pick<Cidr, 'prefix'>, prefix: number): number {
  return prefix < cidr.prefix ? 0 : 2 ** (prefix - cidr.prefix);
}

/** The first `count` subnets of this prefix length; fewer when the range holds fewer. */
export function splitInto(cidr: Cidr, prefix: number, count: number): Cidr[] {
  const subnets: Cidr[] = [];
  for (let n = 0; n < count; n += 1) {
    const subnet = nthSubnet(cidr, prefix, n);
    if (!subnet) break;
    subnets.push(subnet);
  }
  return subnets;
}

/** The range of this (shorter) prefix length around a range. */
export function widened(cidr: Cidr, prefix: number): Cidr {
  const network = Number(range(cidr.network, prefix).getFirst().getValue());
  return { network, prefix, written: network };
}

/** 24 → `255.255.255.0` */
export function netmask(prefix: number): string {
  return IPv4Prefix.fromNumber(BigInt(prefix)).toMask().toString();
}

/**
 * Takes an address as a lab may write it, whole (`192.168.56.30`) or by its last octet (`.30`), and the
 * host-only /24; gives the whole address, or undefined when it is neither.
 */
export function addressIn(subnet: Cidr, address: string): string | undefined {
  if (address.startsWith('.')) {
    const octet = lastOctet(address);
    return octet === undefined ? undefined : nthAddress(subnet, octet);
  }
  return parseAddress(address) === undefined ? undefined : address;
}

/** Takes `.30` or `192.168.56.30`; gives 30, or undefined when it is neither. */
export function lastOctet(address: string): number | undefined {
  const short = /^\.(?<octet>0|[1-9]\d{0,2})$/.exec(address)?.groups?.octet;
  const octet = short === undefined ? (parseAddress(address) ?? Number.NaN) % 256 : Number(short);
  return octet >= 0 && octet <= 255 ? octet : undefined;
}

function range(address: number, prefix: number): IPv4CidrRange {
  return new IPv4CidrRange(IPv4.fromNumber(BigInt(address)), IPv4Prefix.fromNumber(BigInt(prefix)));
}

function known(text: string): Cidr {
  const cidr = parseCidr(text);
  if (!cidr) throw new Error(`not a range: ${text}`);
  return cidr;
}

/** The NAT adapter's range of VirtualBox and of slirp4netns: 10.0.2.15 on every machine. */
export const natRange = known('10.0.2.0/24');
/** What VirtualBox allows for host-only networks unless /etc/vbox/networks.conf says otherwise. */
export const hostOnlyPool = known('192.168.56.0/21');

const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(known);
const sharedRange = known('100.64.0.0/10');
