import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { namesFound } from '../../../src/collect/askApi.js';

let server: Socket;
let asked: string[] = [];

/** The question of a packet alone, and the name in it. Source: RFC 1035, section 4.1.2. */
function questionOf(packet: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = packet[at] ?? 0; length > 0; length = packet[at] ?? 0) {
    labels.push(packet.toString('ascii', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 5 };
}

/** NOERROR with 192.0.2.1, or without an address, or NXDOMAIN, as the name says; to others, nothing. */
function answerTo(packet: Buffer): Buffer | undefined {
  const { name, end } = questionOf(packet);
  asked.push(name);
  if (name.startsWith('silent')) return undefined;
  const found = name.startsWith('found');
  const head = Buffer.from(packet.subarray(0, end));
  head.writeUInt16BE(name.startsWith('unknown') ? 0x8183 : 0x8180, 2);
  head.writeUInt16BE(found ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]);
  return found ? Buffer.concat([head, record]) : head;
}

beforeAll(async () => {
  server = createSocket('udp4');
  server.on('message', (packet, { address, port }) => {
    const answer = answerTo(packet);
    if (answer) server.send(answer, port, address);
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
});

/** Asks the server above in place of this host's own, and would for long. */
function find(names: string[], signal?: AbortSignal): Promise<string[]> {
  asked = [];
  const resolver = new Resolver({ timeout: 1000, tries: 8 });
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
  return namesFound(names, signal, resolver);
}

describe('names outside, as this host finds them', () => {
  test('are those with an address, and neither unknown ones nor those without', async () => {
    const names = ['found.example', 'unknown.example', 'empty.example', 'found.too.example'];
    expect(await find(names)).toEqual(['found.example', 'found.too.example']);
    expect(new Set(asked)).toEqual(new Set(names));
  });

  test('of a name server that is silent are none, after 2.5 s at most; what others found counts', async () => {
    const started = performance.now();
    expect(await find(['silent.example', 'found.example'])).toEqual(['found.example']);
    const took = performance.now() - started;
    expect(took).toBeGreaterThan(900);
    expect(took).toBeLessThan(6000);
  });

  test('are no longer waited for when interrupted', async () => {
    const controller = new AbortController();
    const started = performance.now();
    const finding = find(['silent.example'], controller.signal);
    setTimeout(() => {
      controller.abort();
    }, 50);
    expect(await finding).toEqual([]);
    expect(performance.now() - started).toBeLessThan(900);
  });
});
