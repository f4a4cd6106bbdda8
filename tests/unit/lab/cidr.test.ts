import { describe, expect, test } from '@jest/globals';
import {
  addressIn,
  contains,
  containsAddress,
  formatAddress,
  formatCidr,
  hasHostBits,
  isPrivate,
  isShared,
  lastAddress,
  lastOctet,
  netmask,
  nthAddress,
  nthSubnet,
  overlaps,
  parseAddress,
  parseCidr,
  splitInto,
  subnetCount,
  widened,
  type Cidr,
} from '../../../src/lab/cidr.js';

function cidr(text: string): Cidr {
  const range = parseCidr(text);
  if (!range) throw new Error(text);
  return range;
}

describe('addresses', () => {
  test.each([
    ['0.0.0.0', 0],
    ['10.0.2.15', 167_772_687],
    ['255.255.255.255', 4_294_967_295],
  ])('%s is %d', (text, number) => {
    expect(parseAddress(text)).toBe(number);
    expect(formatAddress(number)).toBe(text);
  });

  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.4.',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.-4',
    '1.2.3.4 ',
    ' 1.2.3.4',
    '1e1.2.3.4',
    '::1',
    '1,2,3,4',
  ])('%j is none', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  test.each([
    ['.30', 30, '192.168.57.30'],
    ['192.168.57.31', 31, '192.168.57.31'],
    ['.0', 0, '192.168.57.0'],
    ['.256', undefined, undefined],
    ['.030', undefined, undefined],
    ['30', undefined, undefined],
    ['.', undefined, undefined],
  ])('%s in a /24', (text, octet, whole) => {
    expect(lastOctet(text)).toBe(octet);
    expect(addressIn(cidr('192.168.57.0/24'), text)).toBe(whole);
  });
});

describe('ranges', () => {
  test.each(['10.0.0.0/8', '0.0.0.0/0', '1.2.3.4/32', '192.168.56.0/21'])(
    '%s is read and written',
    (text) => {
      expect(formatCidr(cidr(text))).toBe(text);
      expect(hasHostBits(cidr(text))).toBe(false);
    },
  );

  test.each([
    '',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0/8',
    'fd00::/8',
    '10.0.0.0/8\n',
  ])('%j is none', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  test('host bits are seen, and cut off', () => {
    expect(hasHostBits(cidr('172.178.33.0/16'))).toBe(true);
    expect(formatCidr(cidr('172.178.33.0/16'))).toBe('172.178.0.0/16');
  });

  test.each([
    ['10.96.0.0/12', '10.111.255.0/24', true],
    ['10.96.0.0/12', '10.112.0.0/16', false],
    ['10.0.0.0/8', '10.0.0.0/8', true],
    ['192.168.56.0/24', '192.168.57.0/24', false],
    ['0.0.0.0/0', '255.255.255.255/32', true],
  ])('%s and %s overlap: %s', (one, other, expected) => {
    expect(overlaps(cidr(one), cidr(other))).toBe(expected);
    expect(overlaps(cidr(other), cidr(one))).toBe(expected);
  });

  test('contain ranges and addresses', () => {
    expect(contains(cidr('10.0.0.0/8'), cidr('10.1.0.0/16'))).toBe(true);
    expect(contains(cidr('10.1.0.0/16'), cidr('10.0.0.0/8'))).toBe(false);
    expect(containsAddress(cidr('10.1.0.0/16'), lastAddress(cidr('10.1.0.0/16')))).toBe(true);
    expect(containsAddress(cidr('10.1.0.0/16'), lastAddress(cidr('10.1.0.0/16')) + 1)).toBe(false);
  });

  test.each([
    ['10.0.0.0/8', true],
    ['10.0.0.0/7', false],
    ['172.16.0.0/12', true],
    ['172.32.0.0/16', false],
    ['172.178.0.0/16', false],
    ['192.168.0.0/16', true],
    ['192.178.33.0/24', false],
    ['100.64.0.0/16', false],
  ])('%s is private: %s', (text, expected) => {
    expect(isPrivate(cidr(text))).toBe(expected);
  });

  test('of carriers are neither private nor public', () => {
    expect(isShared(cidr('100.127.0.0/16'))).toBe(true);
    expect(isShared(cidr('100.128.0.0/16'))).toBe(false);
  });

  test('have numbered addresses and subnets', () => {
    const range = cidr('10.12.0.0/16');
    expect(nthAddress(range, 1)).toBe('10.12.0.1');
    expect(nthAddress(range, 65_535)).toBe('10.12.255.255');
    expect([nthAddress(range, 65_536), nthAddress(range, -1), nthAddress(range, 0.5)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(splitInto(range, 24, 3).map(formatCidr)).toEqual(['10.12.0.0/24', '10.12.1.0/24', '10.12.2.0/24']);
    expect(splitInto(cidr('10.12.0.0/23'), 24, 9)).toHaveLength(2);
    expect(nthSubnet(range, 24, 256)).toBeUndefined();
    expect(nthSubnet(range, 15, 0)).toBeUndefined();
    expect(subnetCount(range, 24)).toBe(256);
    expect(subnetCount(range, 8)).toBe(0);
    expect(formatCidr(widened(cidr('10.201.3.0/24'), 22))).toBe('10.201.0.0/22');
  });

  test.each([
    [0, '0.0.0.0'],
    [12, '255.240.0.0'],
    [24, '255.255.255.0'],
    [32, '255.255.255.255'],
  ])('the netmask of /%d is %s', (prefix, mask) => {
    expect(netmask(prefix)).toBe(mask);
  });
});
