import { describe, expect, test } from '@jest/globals';
import { dnsAnswer, dnsQuestion } from '../../../src/collect/dnsPacket.js';

const bytes = (escaped: string): Buffer => Buffer.from(escaped.replaceAll('\\x', ''), 'hex');
/** An answer to a question for `a.b`, as RFC 1035 lays it out. */
const question = '01610162000001 0001';
const packet = (flags: string, records: string[]): Buffer => {
  const count = records.length.toString(16).padStart(4, '0');
  return Buffer.from(
    `4b38${flags}0001${count}00000000${question}${records.join('')}`.replaceAll(' ', ''),
    'hex',
  );
};
const address = 'c00c00010001000000050004 0a600001';
const alias = 'c00c00050001000000050004 01780000';

test('a question is one packet, each byte as printf writes it', () => {
  const asked = bytes(dnsQuestion('a.b'));
  expect(asked.toString('hex')).toBe(`4b3801000001000000000000${question.replaceAll(' ', '')}`);
  // A label of ten letters has a line feed for its length.
  expect(dnsQuestion('kubernetes')).toContain('\\x0a\\x6b\\x75');
});

describe('an answer', () => {
  test('with addresses, whatever other records come with them', () => {
    expect(dnsAnswer(packet('8580', [alias, address]))).toEqual({
      status: 'NOERROR',
      addresses: ['10.96.0.1'],
    });
  });

  test.each([
    ['8583', 'NXDOMAIN'],
    ['8182', 'SERVFAIL'],
    ['8185', 'REFUSED'],
    ['818f', 'RCODE15'],
  ])('without: %s is %s', (flags, status) => {
    expect(dnsAnswer(packet(flags, []))).toEqual({ status, addresses: [] });
  });

  test('that is cut off, or none at all, harms nothing', () => {
    const whole = packet('8580', [address, address]);
    for (let length = 0; length <= whole.length; length++)
      expect(() => dnsAnswer(whole.subarray(0, length))).not.toThrow();
    expect(dnsAnswer(Buffer.from('not found'))).toBeUndefined();
    expect(dnsAnswer(bytes(dnsQuestion('a.b')))).toBeUndefined();
    expect(() => dnsAnswer(Buffer.alloc(500, 0xff))).not.toThrow();
  });
});
