import { describe, expect, test } from '@jest/globals';
import { plainPalette } from '../../../src/errors/palette.js';
import type { Lab } from '../../../src/lab/lab.js';
import { planCluster } from '../../../src/plan/plan.js';
import { planText } from '../../../src/plan/text.js';
import { drawTopology } from '../../../src/plan/topology.js';
import { bareLab, lab, laptop, parsed, role, testAssets } from './assets.js';

const plan = (value: Lab) => planCluster(parsed(value), laptop, testAssets());
const draw = (value: Lab): string => drawTopology(plan(value));

describe('the picture', () => {
  test('of three machines', () => {
    expect(draw(lab())).toBe(`\
  ┌──────────────────────────┐
  │ this host   192.168.56.1 │
  └─┬────────────────────────┘
    │ host-only network 192.168.56.0/24
    └──────────┬────────────────────┬────────────────────┐
      ┌────────┴────────┐  ┌────────┴────────┐  ┌────────┴────────┐
      │ cp1             │  │ worker1         │  │ worker2         │
      │ control plane   │  │ worker          │  │ worker          │
      │ 192.168.56.10   │  │ 192.168.56.20   │  │ 192.168.56.21   │
      │ 2 CPUs, 2 GiB   │  │ 1 CPU, 1536 MiB │  │ 1 CPU, 1536 MiB │
      │ ● API endpoint  │  │                 │  │                 │
      └─────────────────┘  └─────────────────┘  └─────────────────┘

  ● API endpoint https://192.168.56.10:6443
  Each machine also has a NAT adapter to the internet, with 10.0.2.15 on every one of them.
`);
  });

  test('of many machines shows the first, how many more, and the last of a role', () => {
    const picture = draw(lab({ controlPlanes: role(3), workers: role(83), loadBalancers: role(2) }));
    expect(picture).toContain('… 81 more …');
    expect(picture).toContain('│ worker83');
    expect(picture).not.toContain('worker2 ');
    expect(picture).toContain('│ cp3');
    expect(picture).toContain('https://192.168.56.99:6443, a virtual address held by one load balancer');
    expect(picture.match(/● API endpoint +│/g)).toHaveLength(2);
  });

  test('shows each machine of up to eight of a role, on branches of one trunk', () => {
    const picture = draw(lab({ workers: role(8) }));
    for (let index = 1; index <= 8; index += 1) expect(picture).toContain(`│ worker${index} `);
    expect(picture.split('\n').filter((line) => /^ {4}[├└]─/.test(line))).toHaveLength(3);
    expect(picture.match(/^ {4}└─/gm)).toHaveLength(1);
  });

  test.each([
    ['one machine', lab({ workers: role(0) })],
    ['a bridge and pod ranges', { ...bareLab(), provider: 'lxc' }],
    [
      'long names',
      lab({ workers: role(7, { machines: [{ name: 'a'.repeat(63) }], memoryMiB: 131071, cpus: 128 }) }),
    ],
    ['every role', lab({ controlPlanes: role(10), workers: role(70), loadBalancers: role(9) })],
  ])('is at most 100 columns wide and its lines meet: %s', (_, value) => {
    const lines = draw(value).split('\n');
    expect(lines.filter((line) => line.length > 100 || line.endsWith(' '))).toEqual([]);
    const at = (row: number, column: number): string => lines[row]?.[column] ?? ' ';
    const loose = lines.flatMap((line, row) =>
      Array.from(line).flatMap((character, column) => {
        const down = '┌┐│┬├'.includes(character) && !'│└┘┴├'.includes(at(row + 1, column));
        const right = '┌└─┬┴├'.includes(character) && !'─┐┘┬┴'.includes(at(row, column + 1));
        return down || right ? [`${character} in line ${row + 1}, column ${column + 1}`] : [];
      }),
    );
    expect(loose).toEqual([]);
  });
});

describe('the text of a plan', () => {
  const text = planText(plan(lab({ controlPlanes: role(3), loadBalancers: role(1) })));

  test('says what a person needs before anything is made', () => {
    for (const part of [
      'Kubernetes  1.37.1, by kubeadm',
      'CNI         calico 3.33.0 (encapsulation ipip, replicas 1)',
      'API         https://192.168.56.90:6443 (the load balancer)',
      'In total    6 machines, 10 CPUs, 11 GiB of memory, 120 GiB of disk',
      'worker2  worker         192.168.56.21     1  1536 MiB  20 GiB  yes',
      'machines      192.168.56.0/24  this host is 192.168.56.1',
      '10250/tcp        kubelet',
      '[PLAN_ENDPOINT_SINGLE]',
    ]) {
      expect(text).toContain(part);
    }
  });

  test('fits 100 columns and ends with one line end', () => {
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(text).toMatch(/[^\n]\n$/);
  });

  test('sets off headings when asked', () => {
    const palette = { ...plainPalette, bold: (word: string) => `*${word}*` };
    expect(planText(plan(lab()), palette)).toContain('*Machines*');
  });
});
