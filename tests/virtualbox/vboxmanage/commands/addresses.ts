// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import { readFileSync } from 'node:fs';

/** An IPv4 address as a number; undefined when it is none. */
export function toNumber(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255))
    return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** 255.255.255.0 → 24 */
export function prefixLength(netmask: string): number {
  return (toNumber(netmask) ?? 0).toString(2).replaceAll('0', '').length;
}

export function isIn(address: string, cidr: string): boolean {
  const [network = '', bits = '32'] = cidr.split('/');
  const [ip, base] = [toNumber(address), toNumber(network)];
  if (ip === undefined || base === undefined) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(ip / size) === Math.floor(base / size);
}

/**
 * Ranges VirtualBox lets host-only interfaces have on Linux and macOS.
 * Source: https://www.virtualbox.org/manual/ch06.html#network_hostonly
 */
export function allowedRanges(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return ['192.168.56.0/21'];
  }
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('*'))
    .flatMap((line) => line.slice(1).split(/\s+/))
    .filter((range) => range.includes('.'));
}
