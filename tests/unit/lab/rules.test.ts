import { describe, expect, test } from '@jest/globals';
import { catalogue } from '../../../src/errors/catalogue/index.js';
import { errorsOf, marked, parse } from './expectLab.js';

interface Case {
  lab: string;
  code: string;
  line: number;
  column: number;
  under: string;
  /** Part of the fixes. */
  fix: string;
  /** The neighbour that is sound. */
  sound: string;
}

const net = (key: string, value: string, more = ''): string => `workers: 2\nnetworking:\n  ${key}: ${value}\n${more}`;
const machine = (text: string): string => `workers:\n  count: 2\n  machines:\n    - ${text}\n`;
const box = (key: string, value: string): string => `box:\n  name: acme/box\n  family: apt\n  ${key}: ${value}\n`;
const hex = (digits: number): string => 'ab'.repeat(digits / 2);

const ranges: Case[] = [
  { lab: net('podSubnet', '10.244.0.0'), code: 'LAB_CIDR', line: 3, column: 14, under: '10.244.0.0', fix: 'Did you mean 10.244.0.0/16?', sound: net('podSubnet', '10.244.0.0/16') },
  { lab: net('podSubnet', '10.244.0.0/33'), code: 'LAB_CIDR', line: 3, column: 14, under: '10.244.0.0/33', fix: 'podSubnet: 10.244.0.0/16', sound: net('podSubnet', '10.244.0.0/20') },
  { lab: net('podSubnet', '10.256.0.0/16'), code: 'LAB_CIDR', line: 3, column: 14, under: '10.256.0.0/16', fix: 'podSubnet:', sound: net('podSubnet', '10.255.0.0/16') },
  { lab: net('podSubnet', '010.10.0.0/16'), code: 'LAB_CIDR', line: 3, column: 14, under: '010.10.0.0/16', fix: 'podSubnet:', sound: net('podSubnet', '10.10.0.0/16') },
  { lab: net('hostOnlySubnet', 'automatic'), code: 'LAB_CIDR', line: 3, column: 19, under: 'automatic', fix: 'hostOnlySubnet: 192.168.56.0/24', sound: net('hostOnlySubnet', 'auto') },
  { lab: net('podSubnet', 'fd00::/48'), code: 'LAB_IPV6', line: 3, column: 14, under: 'fd00::/48', fix: 'podSubnet: 10.244.0.0/16', sound: net('podSubnet', '10.0.0.0/15', '  serviceSubnet: 10.96.0.0/12').replace('10.0.0.0/15', '10.8.0.0/15') },
  { lab: net('podSubnet', '10.244.7.0/16'), code: 'LAB_HOST_BITS', line: 3, column: 14, under: '10.244.7.0/16', fix: 'Did you mean 10.244.0.0/16?', sound: net('podSubnet', '10.244.0.0/16') },
  { lab: net('hostOnlySubnet', '192.168.57.1/24'), code: 'LAB_HOST_BITS', line: 3, column: 19, under: '192.168.57.1/24', fix: '192.168.57.0/24', sound: net('hostOnlySubnet', '192.168.57.0/24') },
  { lab: net('hostOnlySubnet', '192.178.33.0/24'), code: 'LAB_PUBLIC_RANGE', line: 3, column: 19, under: '192.178.33.0/24', fix: 'Did you mean 192.168.33.0/24?', sound: net('hostOnlySubnet', '192.168.33.0/24') },
  { lab: net('podSubnet', '172.178.0.0/16'), code: 'LAB_PUBLIC_RANGE', line: 3, column: 14, under: '172.178.0.0/16', fix: '10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16', sound: net('podSubnet', '172.18.0.0/16') },
  { lab: net('hostOnlySubnet', '100.64.1.0/24'), code: 'LAB_PUBLIC_RANGE', line: 3, column: 19, under: '100.64.1.0/24', fix: 'hostOnlySubnet:', sound: net('podSubnet', '100.64.0.0/16') },
  { lab: net('podSubnet', '10.96.0.0/16'), code: 'LAB_RANGES_OVERLAP', line: 3, column: 14, under: '10.96.0.0/16', fix: 'podSubnet: 10.244.0.0/16', sound: net('podSubnet', '10.112.0.0/16') },
  { lab: net('serviceSubnet', '10.240.0.0/12'), code: 'LAB_RANGES_OVERLAP', line: 3, column: 18, under: '10.240.0.0/12', fix: 'serviceSubnet: 10.96.0.0/12', sound: net('serviceSubnet', '10.224.0.0/12') },
  { lab: net('hostOnlySubnet', '10.244.3.0/24'), code: 'LAB_RANGES_OVERLAP', line: 3, column: 19, under: '10.244.3.0/24', fix: 'hostOnlySubnet: 192.168.56.0/24', sound: net('hostOnlySubnet', '10.245.3.0/24') },
  { lab: net('podSubnet', '10.0.0.0/16'), code: 'LAB_RANGES_OVERLAP', line: 3, column: 14, under: '10.0.0.0/16', fix: 'podSubnet: 10.244.0.0/16', sound: net('podSubnet', '10.1.0.0/16') },
  { lab: net('hostOnlySubnet', '10.0.2.0/24'), code: 'LAB_RANGES_OVERLAP', line: 3, column: 19, under: '10.0.2.0/24', fix: 'hostOnlySubnet: 192.168.56.0/24', sound: net('hostOnlySubnet', '10.0.3.0/24') },
  { lab: net('podSubnet', '192.168.0.0/16'), code: 'LAB_RANGES_OVERLAP', line: 3, column: 14, under: '192.168.0.0/16', fix: 'podSubnet: 10.244.0.0/16', sound: net('podSubnet', '192.168.128.0/17') },
  { lab: net('hostOnlySubnet', '192.168.56.0/21'), code: 'LAB_HOST_ONLY_SIZE', line: 3, column: 19, under: '192.168.56.0/21', fix: 'hostOnlySubnet: 192.168.56.0/24', sound: net('hostOnlySubnet', '192.168.56.0/24') },
  { lab: net('podSubnet', '10.201.0.0/24'), code: 'LAB_POD_RANGE_SMALL', line: 3, column: 14, under: '10.201.0.0/24', fix: 'podSubnet: 10.201.0.0/22\nnodeCidrMaskSize: 26', sound: net('podSubnet', '10.201.0.0/22') },
  { lab: net('podSubnet', '10.201.0.0/24'), code: 'LAB_POD_RANGE_SMALL', line: 3, column: 14, under: '10.201.0.0/24', fix: 'nodeCidrMaskSize: 26', sound: net('podSubnet', '10.201.0.0/24', '  nodeCidrMaskSize: 26') },
  { lab: net('nodeCidrMaskSize', '17'), code: 'LAB_POD_RANGE_SMALL', line: 3, column: 21, under: '17', fix: 'nodeCidrMaskSize: 18', sound: net('nodeCidrMaskSize', '18') },
  { lab: net('podSubnet', '10.201.0.0/26'), code: 'LAB_POD_RANGE_NARROW', line: 3, column: 14, under: '10.201.0.0/26', fix: 'podSubnet: 10.201.0.0/22\nnodeCidrMaskSize: 28', sound: net('podSubnet', '10.201.0.0/26', '  nodeCidrMaskSize: 28') },
  { lab: net('podSubnet', '10.128.0.0/9', '  nodeCidrMaskSize: 26'), code: 'LAB_NODE_MASK', line: 4, column: 21, under: '26', fix: 'nodeCidrMaskSize: 25\npodSubnet: 10.128.0.0/10', sound: net('podSubnet', '10.128.0.0/10', '  nodeCidrMaskSize: 26') },
  { lab: net('serviceSubnet', '172.16.0.0/11'), code: 'LAB_SERVICE_RANGE', line: 3, column: 18, under: '172.16.0.0/11', fix: 'serviceSubnet: 172.0.0.0/12', sound: net('serviceSubnet', '172.16.0.0/12') },
  { lab: net('serviceSubnet', '10.96.0.0/29'), code: 'LAB_SERVICE_RANGE', line: 3, column: 18, under: '10.96.0.0/29', fix: 'serviceSubnet: 10.96.0.0/16', sound: net('serviceSubnet', '10.96.0.0/28') },
  { lab: net('mtu', '575'), code: 'LAB_MTU', line: 3, column: 8, under: '575', fix: 'mtu: auto', sound: net('mtu', '576') },
  { lab: net('mtu', '9001'), code: 'LAB_MTU', line: 3, column: 8, under: '9001', fix: 'mtu: auto', sound: net('mtu', '9000') },
  { lab: net('dnsDomain', 'Cluster.Local.'), code: 'LAB_DNS_DOMAIN', line: 3, column: 14, under: 'Cluster.Local.', fix: 'dnsDomain: cluster.local', sound: net('dnsDomain', 'lab.example') },
];

const machines: Case[] = [
  { lab: machine('address: 192.168.56'), code: 'LAB_ADDRESS', line: 4, column: 16, under: '192.168.56', fix: 'address: .30', sound: machine('address: .56') },
  { lab: machine('address: 192.168.56.30'), code: 'LAB_ADDRESS_AUTO', line: 4, column: 16, under: '192.168.56.30', fix: 'address: .30', sound: machine('address: .30') },
  { lab: machine('address: .100'), code: 'LAB_ADDRESS_RANGE', line: 4, column: 16, under: '.100', fix: '.10 to .99', sound: machine('address: .99') },
  { lab: machine('address: .9'), code: 'LAB_ADDRESS_RANGE', line: 4, column: 16, under: '.9', fix: '.10 to .99', sound: machine('address: .10') },
  { lab: `${machine('address: 192.168.58.30')}networking: {hostOnlySubnet: 192.168.57.0/24}`, code: 'LAB_ADDRESS_RANGE', line: 4, column: 16, under: '192.168.58.30', fix: '192.168.57.10 to 192.168.57.99', sound: `${machine('address: 192.168.57.30')}networking: {hostOnlySubnet: 192.168.57.0/24}` },
  { lab: machine('address: .30\n    - address: .30'), code: 'LAB_ADDRESS_TAKEN', line: 5, column: 16, under: '.30', fix: 'address: .10', sound: machine('address: .30\n    - address: .31') },
  { lab: 'name: My Lab\n', code: 'LAB_NAME', line: 1, column: 7, under: 'My Lab', fix: 'name: my-lab', sound: 'name: my-lab\n' },
  { lab: `name: ${'a'.repeat(41)}\n`, code: 'LAB_NAME', line: 1, column: 7, under: 'a'.repeat(41), fix: `name: ${'a'.repeat(40)}`, sound: `name: ${'a'.repeat(40)}\n` },
  { lab: machine('name: node_1'), code: 'LAB_NAME', line: 4, column: 13, under: 'node_1', fix: 'name: node-1', sound: machine('name: node-1') },
  { lab: machine(`name: ${'a'.repeat(64)}`), code: 'LAB_NAME', line: 4, column: 13, under: 'a'.repeat(64), fix: `name: ${'a'.repeat(63)}`, sound: machine(`name: ${'a'.repeat(63)}`) },
  { lab: machine('name: "12"'), code: 'LAB_NAME', line: 4, column: 13, under: '"12"', fix: 'name: node12', sound: machine('name: n12') },
  { lab: machine('name: localhost'), code: 'LAB_NAME_RESERVED', line: 4, column: 13, under: 'localhost', fix: 'name: localhost1', sound: machine('name: local') },
  { lab: machine('name: a\n    - name: a'), code: 'LAB_NAME_TAKEN', line: 5, column: 13, under: 'a', fix: 'name: a-2', sound: machine('name: a\n    - name: b') },
  { lab: machine('name: worker2'), code: 'LAB_NAME_TAKEN', line: 4, column: 13, under: 'worker2', fix: 'name: worker2-1', sound: machine('name: worker1') },
  { lab: 'workers:\n  count: 1\n  machines:\n    - name: a\n    - name: b\n', code: 'LAB_MACHINES_COUNT', line: 5, column: 7, under: 'name: b', fix: 'count: 2', sound: 'workers:\n  count: 3\n  machines:\n    - name: a\n    - name: b\n' },
  { lab: 'controlPlanes: 5\nworkers: 85\n', code: 'LAB_TOO_MANY_MACHINES', line: 2, column: 10, under: '85', fix: 'workers: 84', sound: 'controlPlanes: 5\nworkers: 84\n' },
  { lab: 'controlPlanes: 0\nworkers: 2\n', code: 'LAB_NO_CONTROL_PLANE', line: 1, column: 16, under: '0', fix: 'controlPlanes: 1\nbootstrap: none', sound: 'bootstrap: none\nworkers: 2\n' },
  { lab: 'bootstrap: none\n', code: 'LAB_NO_MACHINES', line: 1, column: 1, under: 'bootstrap: none', fix: 'workers: 2', sound: 'bootstrap: none\nworkers: 1\n' },
  { lab: 'bootstrap: none\nworkers: 2\nloadBalancers: 1\n', code: 'LAB_LOAD_BALANCER_BOOTSTRAP', line: 3, column: 16, under: '1', fix: 'loadBalancers: 0', sound: 'workers: 2\nloadBalancers: 1\n' },
  { lab: 'workers:\n  memory: 2GiB\n', code: 'LAB_MISSING', line: 1, column: 1, under: 'workers', fix: 'count: 1', sound: 'workers:\n  memory: 2GiB\n  count: 1\n' },
  { lab: 'controlPlanes: {count: 1, cpus: 1}\n', code: 'LAB_CONTROL_PLANE_SIZE', line: 1, column: 33, under: '1', fix: 'cpus: 2', sound: 'controlPlanes: {count: 1, cpus: 2}\n' },
  { lab: 'controlPlanes: {count: 1, memory: 1600}\n', code: 'LAB_CONTROL_PLANE_SIZE', line: 1, column: 35, under: '1600', fix: 'memory: 2GiB', sound: 'controlPlanes: {count: 1, memory: 1622}\n' },
  { lab: 'controlPlanes:\n  count: 3\n  machines:\n    - {}\n    - cpus: 1\n', code: 'LAB_CONTROL_PLANE_SIZE', line: 5, column: 13, under: '1', fix: 'cpus: 2', sound: 'bootstrap: none\nworkers: {count: 1, cpus: 1, memory: 512}\n' },
];

const choices: Case[] = [
  { lab: 'kubernetes: {version: "1.30"}\n', code: 'LAB_KUBERNETES_VERSION', line: 1, column: 23, under: '"1.30"', fix: 'Supported: 1.37, 1.36, 1.35.', sound: 'kubernetes: {version: "1.35"}\n' },
  { lab: 'kubernetes: {version: v1.37.1}\n', code: 'LAB_KUBERNETES_VERSION', line: 1, column: 23, under: 'v1.37.1', fix: 'version: "1.37.1"', sound: 'kubernetes: {version: 1.37.1}\n' },
  { lab: 'kubernetes: {version: latest}\n', code: 'LAB_KUBERNETES_VERSION', line: 1, column: 23, under: 'latest', fix: 'version: "1.37"', sound: 'kubernetes: {version: default}\n' },
  { lab: 'cni: flannel\nkubernetes: {version: "1.37"}\n', code: 'LAB_CNI_VERSION', line: 2, column: 23, under: '"1.37"', fix: 'kubernetes: {version: "1.36"}\ncni: calico', sound: 'cni: flannel\nkubernetes: {version: "1.36"}\n' },
  { lab: 'cni: flannel\n', code: 'LAB_CNI_VERSION', line: 1, column: 6, under: 'flannel', fix: 'kubernetes: {version: "1.36"}', sound: 'cni: calico\n' },
  { lab: 'runtime:\n  name: cri-o\n', code: 'LAB_RUNTIME_VERSION', line: 1, column: 1, under: 'runtime', fix: 'runtime: containerd', sound: 'runtime:\n  name: cri-o\nkubernetes:\n  version: "1.36"\n' },
  { lab: 'bootstrap: none\ncni: calico\nworkers: 2\n', code: 'LAB_CNI_NEEDS_CLUSTER', line: 2, column: 6, under: 'calico', fix: 'cni: bridge', sound: 'bootstrap: none\ncni: bridge\nworkers: 2\n' },
  { lab: box('url', 'ftp://example.org/a.box'), code: 'LAB_BOX_URL', line: 4, column: 8, under: 'ftp://example.org/a.box', fix: 'https://', sound: box('url', 'https://example.org/a.box') },
  { lab: box('url', '/srv/a.box'), code: 'LAB_BOX_URL', line: 4, column: 8, under: '/srv/a.box', fix: 'file:///', sound: box('url', 'file:///srv/a.box') },
  { lab: box('version', '">= 1.0"'), code: 'LAB_BOX_VERSION', line: 4, column: 12, under: '">= 1.0"', fix: '202510.26.0', sound: box('version', '"1.0"') },
  { lab: box('checksum', `sha1:${hex(40)}`), code: 'LAB_BOX_CHECKSUM', line: 4, column: 13, under: `sha1:${hex(40)}`, fix: 'sha256sum', sound: box('checksum', `sha512:${hex(128)}`) },
  { lab: box('checksum', hex(64)), code: 'LAB_BOX_CHECKSUM', line: 4, column: 13, under: hex(64), fix: `sha256:${hex(64)}`, sound: box('checksum', `sha256:${hex(64)}`) },
  { lab: 'box: {name: a b, family: apt}\n', code: 'LAB_BOX_NAME', line: 1, column: 13, under: 'a b', fix: 'name: bento/debian-12', sound: 'box: {name: a/b, family: apt}\n' },
  { lab: 'box: {name: acme/box}\n', code: 'LAB_MISSING', line: 1, column: 1, under: 'box', fix: 'family: apt', sound: 'box: {name: rockylinux-9}\n' },
  { lab: 'provider: lxc\nbox: rocky-9\n', code: 'LAB_BOX_PROVIDER', line: 2, column: 6, under: 'rocky-9', fix: 'box: debian-12', sound: 'provider: lxc\nbox: debian-12\n' },
  { lab: 'description: |\n  One.\n  Two.\n', code: 'LAB_CONTROL_CHARACTER', line: 1, column: 14, under: '|', fix: '>-', sound: 'description: >-\n  One.\n  Two.\n' },
  { lab: 'description: "a\\u001b[2Jb"\n', code: 'LAB_CONTROL_CHARACTER', line: 1, column: 14, under: '"a\\u001b[2Jb"', fix: 'Delete', sound: 'description: "a [2J b"\n' },
  { lab: `description: ${'ä'.repeat(201)}\n`, code: 'LAB_TOO_LONG', line: 1, column: 14, under: 'ä'.repeat(201), fix: 'one sentence', sound: `description: ${'ä'.repeat(200)}\n` },
];

describe.each([
  ['ranges', ranges],
  ['machines', machines],
  ['choices and texts', choices],
])('rules on %s', (_, cases) => {
  test.each(cases)('$code: $lab', ({ lab, code, line, column, under, fix }) => {
    const found = errorsOf(lab);
    expect(found.map((error) => [error.code, error.where?.line, error.where?.column, marked(error)])).toContainEqual([code, line, column, under]);
    const error = found.find((one) => one.code === code);
    expect(error?.fix.join('\n')).toContain(fix);
    expect(error?.message).not.toBe('');
    expect(error?.exitCode).toBe(2);
  });

  test.each(cases)('sound beside $code: $sound', ({ sound }) => {
    expect(() => parse(sound)).not.toThrow();
  });
});

test('the write-ups’ ranges are refused for every reason they have', () => {
  const text = net('podSubnet', '172.178.33.0/16');
  expect(errorsOf(text).map(({ code, fix }) => [code, fix[0]])).toEqual([
    ['LAB_HOST_BITS', 'Did you mean 172.178.0.0/16?'],
    ['LAB_PUBLIC_RANGE', expect.stringContaining('172.16.0.0/12')],
  ]);
});

test('too small a pod range names the numbers', () => {
  expect(errorsOf(net('podSubnet', '10.201.0.0/24'))[0]?.message).toMatch(/holds 1 of the \/24 ranges; the lab needs 3/);
});

describe('warnings', () => {
  test.each([
    ['LAB_EVEN_CONTROL_PLANES', 'controlPlanes: 2\nworkers: 1\n', 'controlPlanes: 3\nworkers: 1\n', 'controlPlanes'],
    ['LAB_NOTHING_SCHEDULABLE', 'controlPlanes: {count: 1, schedulable: false}\n', 'controlPlanes: 1\n', 'controlPlanes.schedulable'],
    ['LAB_NOTHING_SCHEDULABLE', 'workers: {count: 1, schedulable: false}\n', 'workers: {count: 2, schedulable: false, machines: [{schedulable: true}]}\n', 'workers.schedulable'],
    ['LAB_MEMORY_TOTAL', 'workers: {count: 5, memory: 8GiB}\n', 'workers: {count: 3, memory: 8GiB}\n', 'workers'],
    ['LAB_WORKER_SMALL', 'workers: {count: 1, memory: 1023}\n', 'workers: {count: 1, memory: 1024}\n', 'workers.memory'],
    ['LAB_CALICO_DEFAULT_POOL', net('podSubnet', '192.168.128.0/17'), net('podSubnet', '10.128.0.0/17'), 'networking.podSubnet'],
    ['LAB_MTU_LARGE', net('mtu', '1501'), net('mtu', '1500'), 'networking.mtu'],
    ['LAB_FEW_POD_ADDRESSES', net('nodeCidrMaskSize', '26'), net('nodeCidrMaskSize', '25'), 'networking.nodeCidrMaskSize'],
    ['LAB_KUBERNETES_PATCH', 'kubernetes: {version: 1.37.99}\n', 'kubernetes: {version: 1.37.0}\n', 'kubernetes.version'],
    ['LAB_NO_EFFECT', 'bootstrap: none\nworkers: 1\nkubernetes: {version: "1.37"}\n', 'bootstrap: none\nworkers: 1\n', 'kubernetes.version'],
    ['LAB_NO_EFFECT', 'bootstrap: none\ncontrolPlanes: 2\n', 'bootstrap: none\nworkers: 2\n', 'controlPlanes'],
  ])('%s: %j', (code, lab, sound, path) => {
    const { warnings } = parse(lab);
    expect(warnings.map((warning) => [warning.code, warning.path])).toContainEqual([code, path]);
    expect(Object.entries(catalogue).find(([known]) => known === code)?.[1].exit).toBe(0);
    expect(parse(sound).warnings.map((warning) => warning.code)).not.toContain(code);
  });
});
