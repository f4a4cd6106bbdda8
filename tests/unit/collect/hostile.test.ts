import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseApi } from '../../../src/collect/parse/api.js';
import { parseBridge } from '../../../src/collect/parse/bridge.js';
import { parseCalico } from '../../../src/collect/parse/calico.js';
import { parseCluster } from '../../../src/collect/parse/cluster.js';
import { parseCondition } from '../../../src/collect/parse/condition.js';
import { splitSections } from '../../../src/collect/parse/sections.js';
import { parseKubelet, parseRuntime } from '../../../src/collect/parse/services.js';
import { parseSystem } from '../../../src/collect/parse/system.js';
import { snapshotSchema } from '../../../src/collect/snapshotSchema.js';
import type { ClusterSnapshot, MachineSnapshot } from '../../../src/collect/snapshot.js';

const boundary = '=b0undary=';
const recorded = ['cni-2n-node1', 'control-plane'].map((name) =>
  readFileSync(new URL(`../../fixtures/collector/${name}.txt`, import.meta.url), 'utf8'),
);
const names = [
  ...new Set(
    recorded.flatMap((text) => [...text.matchAll(/output ([a-z-]+) /g)].map((match) => match[1] ?? '')),
  ),
  'kubelet-active',
  'kubelet-version',
  'kubelet-node-ip',
  'kubelet-log',
  ...['kubelet-settings', 'kubelet-hostname-override', 'runtime-cri', 'runtime-cgroups', 'api-cluster-cidr'],
  ...['identity', 'root-mount', 'room', 'firewall', 'firewall-units', 'package-lock', 'name-servers'],
  ...['calico-bird', 'calico-unanswered', 'calico-felix', 'calico-node-name'],
  ...['cluster-bgp', 'cluster-tokens', 'cluster-corefile', 'cluster-coredns-log'],
];

function parseAll(stdout: string): { machine: MachineSnapshot; cluster: ClusterSnapshot | undefined } {
  const { sections } = splitSections(stdout, boundary);
  const system = parseSystem(sections);
  return {
    machine: {
      reachable: true,
      system,
      condition: parseCondition(sections),
      calico: parseCalico(sections),
      runtime: parseRuntime(sections, 'containerd'),
      kubelet: parseKubelet(sections),
      api: parseApi(sections, true),
      bridge: parseBridge(sections, 'cni0', system.interfaces),
    },
    cluster: parseCluster(sections, 'cp1'),
  };
}

/** Whatever comes in, what comes out is a snapshot that can be saved and read again. */
function expectValid(stdout: string): void {
  const { machine, cluster } = parseAll(stdout);
  const snapshot = {
    schema: 1,
    lab: 'x',
    takenAt: '2026-11-21T10:00:00Z',
    tool: 'x',
    machines: { cp1: machine },
    ...(cluster && { cluster }),
  };
  const result = snapshotSchema.safeParse(JSON.parse(JSON.stringify(snapshot)));
  expect(result.error?.issues).toBeUndefined();
}

const everywhere = (text: string, status = 0): string =>
  names
    .map(
      (name) =>
        `\n${boundary} output ${name} ${status}\n${text}\n${boundary} errors ${name} ${status}\n${text}`,
    )
    .join('');

/** Seconds of the processor, not of the clock: other programs may keep this host busy. */
const secondsSince = (before: NodeJS.CpuUsage): number => process.cpuUsage(before).user / 1e6;

/** A small generator of numbers that are the same in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

describe('parsers take anything', () => {
  const garbage: [string, string][] = [
    ['nothing', ''],
    ['null', 'null'],
    ['numbers', '[1,2,3]'],
    ['a list of nulls', '[null,[null],{}]'],
    ['items that are no list', '{"items":{"length":9}}'],
    ['items of anything', '{"items":[null,1,"x",[],{"kind":"Pod"},{"kind":"Node","metadata":{"name":7}}]}'],
    [
      'hostile keys',
      '{"items":[{"kind":"Node","metadata":{"name":"__proto__","annotations":{"__proto__":"x","projectcalico.org/x":{}}}}]}',
    ],
    [
      'fields of wrong types',
      '{"items":[{"kind":"Pod","metadata":{"namespace":"a","name":"b","ownerReferences":"x"},"status":{"conditions":5,"containerStatuses":[{"restartCount":"many","state":{"waiting":7}}]}}]}',
    ],
    ['replacement characters', '\uFFFD\uFFFD \uD800 \u0000\u0001'],
    ['escape sequences', '\u001b[2J\u001b]0;owned\u0007 loaded'],
    ['carriage returns', 'node1\r\nnode2\r\n'],
    ['deep nesting', '['.repeat(200_000)],
    ['deep valid nesting', '['.repeat(5000) + ']'.repeat(5000)],
    ['one long line', 'x'.repeat(300_000)],
    ['many lines', 'a b c d e f\n'.repeat(20_000)],
    ['many tabs', '\t'.repeat(30_000)],
    ['many spaces', ' '.repeat(30_000) + 'x'],
    ['pseudo headers', `${boundary} output hostname 0\n${boundary} errors hostname`],
    ['proto key', '__proto__ loaded\nconstructor 1\n'],
  ];

  test.each(garbage)('%s', (_, text) => {
    const before = process.cpuUsage();
    for (const status of [0, 1, 124]) expectValid(everywhere(text, status));
    expect(secondsSince(before)).toBeLessThan(10);
  });

  test('recorded answers cut off anywhere', () => {
    const next = numbers(1);
    for (const text of recorded) {
      for (let round = 0; round < 60; round += 1)
        expectValid(text.slice(0, Math.floor(next() * text.length)));
    }
  });

  test('recorded answers with bytes changed', () => {
    const next = numbers(2);
    for (const text of recorded) {
      for (let round = 0; round < 60; round += 1) {
        const letters = Array.from(text);
        for (let change = 0; change < 40; change += 1) {
          letters[Math.floor(next() * letters.length)] = String.fromCharCode(Math.floor(next() * 256));
        }
        expectValid(letters.join(''));
      }
    }
  });

  test('no control characters reach the snapshot, and texts are short', () => {
    const { machine, cluster } = parseAll(
      everywhere(`\u001b[2J${'x'.repeat(5000)}`) +
        `\n${boundary} output cluster-objects 0\n` +
        JSON.stringify({ items: [{ kind: 'Node', metadata: { name: 'a\u001b[2J\nb' } }] }),
    );
    expect(cluster?.nodes?.[0]?.name).toBe('a [2J b');
    expect(JSON.stringify({ machine, cluster })).not.toMatch(/\\u00[01]/);
    expect(machine.system?.hostname?.length).toBeLessThanOrEqual(500);
  });

  test('a very large cluster is read in good time', () => {
    const items = Array.from({ length: 15_000 }, (_, index) => ({
      kind: 'Pod',
      metadata: { namespace: 'kube-system', name: `pod-${index}` },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    }));
    const stdout = `\n${boundary} output cluster-objects 0\n${JSON.stringify({ items })}`;
    const before = process.cpuUsage();
    expect(parseAll(stdout).cluster?.pods?.length).toBe(15_000);
    expect(secondsSince(before)).toBeLessThan(5);
  });
});
