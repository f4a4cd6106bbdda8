import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { askApi } from '../../../src/collect/askApi.js';
import { parseBalancer, parseEtcd } from '../../../src/collect/parse/availability.js';
import type { Section } from '../../../src/collect/parse/sections.js';
import { watchApi } from '../../../src/collect/watchApi.js';

const section = (output: string, status: number | null = 0, errors = ''): Section => ({
  status,
  output,
  errors,
});
const sections = (parts: Record<string, Section>): ReadonlyMap<string, Section> =>
  new Map(Object.entries(parts));

describe('what balances the API', () => {
  test('programs: how they are installed, and whether they run', () => {
    const { programs } = parseBalancer(
      sections({
        'balancer-programs': section(
          'haproxy unit running\nkeepalived static-pod stopped\nkube-vip - stopped\n?',
        ),
      }),
    );
    expect(programs).toEqual([
      { name: 'haproxy', how: 'unit', running: true },
      { name: 'keepalived', how: 'static-pod', running: false },
      { name: 'kube-vip', how: null, running: false },
    ]);
  });

  test('servers: haproxy’s table without front ends and sums', () => {
    const table = [
      'svname,status,check_status,last_chk,addr',
      'FRONTEND,OPEN,,,',
      'cp1,UP,L7OK,Layer7 check passed,192.168.56.10:6443',
      'cp2,DOWN,* L4CON,Connection refused,192.168.56.11:6445',
      'BACKEND,UP,,,',
    ].join('\n');
    expect(parseBalancer(sections({ 'balancer-servers': section(table) })).servers).toEqual([
      { name: 'cp1', address: '192.168.56.10:6443', status: 'UP', check: 'L7OK: Layer7 check passed' },
      { name: 'cp2', address: '192.168.56.11:6445', status: 'DOWN', check: 'L4CON: Connection refused' },
    ]);
  });

  test('nothing is known where nobody could be asked', () => {
    expect(parseBalancer(new Map())).toEqual({ programs: null, servers: null });
    expect(parseBalancer(sections({ 'balancer-servers': section('') })).servers).toBeNull();
    expect(parseBalancer(sections({ 'balancer-servers': section('', 127) })).servers).toBeNull();
  });
});

describe('a member of etcd', () => {
  const whole = {
    'etcd-health': section('{"health":"true","reason":""}'),
    'etcd-status': section('{"header":{"member_id":"12"},"leader":"7"}'),
    'etcd-members': section(
      '{"members":[{"ID":"7","name":"cp2","peerURLs":["https://192.168.56.11:2380"]},{"ID":"12","peerURLs":["x"],"isLearner":true}]}',
    ),
  };

  test('says that it is well, who leads, and who else there is', () => {
    expect(parseEtcd(sections(whole))).toEqual({
      running: true,
      healthy: true,
      said: '{"health":"true","reason":""}',
      member: '12',
      leader: '7',
      members: [
        { id: '7', name: 'cp2', peerUrls: ['https://192.168.56.11:2380'], learner: false },
        { id: '12', name: '', peerUrls: ['x'], learner: true },
      ],
    });
  });

  test.each([
    [section('', 3), { running: false, healthy: false, said: 'no process of etcd' }],
    [section('', 7, 'curl: (7) refused'), { running: true, healthy: false, said: 'curl: (7) refused' }],
    [section('{"health":"false","reason":"RAFT NO LEADER"}'), { running: true, healthy: false }],
    // Too slow to tell is not the same as broken.
    [section('', 124), { running: null, healthy: null }],
    [section('', 127), { running: null, healthy: null }],
  ])('that is not well', (health, expected) => {
    expect(parseEtcd(sections({ 'etcd-health': health }))).toMatchObject({
      ...expected,
      member: null,
      leader: null,
      members: null,
    });
  });

  test.each(['[]', 'null', '{"members":{}}', '{"members":[null, 3]}', '{'])('survives %s', (text) => {
    expect(() =>
      parseEtcd(sections({ ...whole, 'etcd-status': section(text), 'etcd-members': section(text) })),
    ).not.toThrow();
  });
});

describe('asking from this host', () => {
  test('no answer is an answer', async () => {
    const server = createServer((_, response) => response.end('no TLS here'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const answer = await askApi(`https://127.0.0.1:${port}/readyz`);
    expect(answer.ok).toBe(false);
    expect(answer.answer).not.toBe('');
    await new Promise((resolve) => server.close(resolve));
    expect((await askApi(`https://127.0.0.1:${port}/readyz`)).answer).toMatch(/ECONNREFUSED/);
  });

  test('one that is never answered ends in time', async () => {
    const open = createServer();
    await new Promise<void>((resolve) => open.listen(0, '127.0.0.1', resolve));
    open.removeAllListeners('connection');
    const { port } = open.address() as AddressInfo;
    const answer = await askApi(`https://127.0.0.1:${port}/readyz`, { timeoutMs: 200 });
    expect(answer).toMatchObject({ ok: false, answer: 'no answer within 0.2 s' });
    open.close();
  });

  test('requests overlap: one that hangs does not keep the next ones', async () => {
    let count = 0;
    const watch = watchApi('https://lab/readyz', {
      intervalMs: 10,
      ask: async (url) => {
        count += 1;
        const first = count === 1;
        await new Promise((resolve) => setTimeout(resolve, first ? 400 : 1));
        return { url, ok: !first, answer: null };
      },
    });
    while (watch.requests().length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
    const requests = await watch.stop();
    expect(requests[0]).toMatchObject({ ok: false });
    expect(requests.slice(1).every(({ ok, to }) => ok && to < (requests[0]?.to ?? 0))).toBe(true);
    const asked = count;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(count).toBe(asked);
  });
});
