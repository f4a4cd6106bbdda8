/** What a name server answered; `status` in the DNS' own word. */
export interface DnsAnswer {
  status: string;
  addresses: string[];
}

/** Source: RFC 1035, section 4.1.1, RCODE. */
const statuses = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];
const typeA = 1;
const headerBytes = 12;

/**
 * A question for the IPv4 addresses of a name, with recursion, as printf writes it: `\xHH` for each byte.
 * Source: RFC 1035, section 4.1.
 */
export function dnsQuestion(name: string): string {
  const labels = name.split('.').filter((label) => label !== '');
  const bytes = Buffer.concat([
    Buffer.from([0x4b, 0x38, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]),
    ...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'ascii')])),
    Buffer.from([0, 0, typeA, 0, 1]),
  ]);
  return [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

/** Takes the bytes of an answer; undefined when they are none. Names are skipped, not read. */
export function dnsAnswer(packet: Buffer): DnsAnswer | undefined {
  if (packet.length < headerBytes || packet.readUInt16BE(0) !== 0x4b38 || (packet[2] ?? 0) < 0x80)
    return undefined;
  const code = (packet[3] ?? 0) & 0x0f;
  const addresses: string[] = [];
  let at = headerBytes;
  for (let question = packet.readUInt16BE(4); question > 0; question--) at = afterName(packet, at) + 4;
  for (let record = packet.readUInt16BE(6); record > 0; record--) {
    at = afterName(packet, at);
    if (at + 10 > packet.length) break;
    const end = at + 10 + packet.readUInt16BE(at + 8);
    if (packet.readUInt16BE(at) === typeA && end <= packet.length)
      addresses.push([...packet.subarray(at + 10, end)].join('.'));
    at = end;
  }
  return { status: statuses[code] ?? `RCODE${code}`, addresses };
}

/** The place after a name: labels until an empty one, or a pointer of two bytes. */
function afterName(packet: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const length = packet[at];
    if (length === undefined) return packet.length;
    if (length >= 0xc0) return at + 2;
    if (length === 0) return at + 1;
    at += length + 1;
  }
}
