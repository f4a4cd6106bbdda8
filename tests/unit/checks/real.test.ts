import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Check } from '../../../src/checks/check.js';
import { loadChecks } from '../../../src/collect/loadChecks.js';
import { evaluate } from '../../../src/report/evaluate.js';
import { reportText } from '../../../src/report/text.js';
import { baseNames, brokenNames, snapshotOf, textOf } from './fixtures.js';

/**
 * Real clusters, each with one fault that was made for real: the causes that must be named, and below them
 * everything else that is found, as a consequence. A number counts findings of one code and machine.
 */
const faults: Record<string, { causes: string[]; consequences: string[]; unknown?: string[] }> = {
  'api-nat': {
    causes: ['K8S_API_ADVERTISES_NAT cp1'],
    consequences: ['K8S_POD_NOT_READY cp1 × 2', 'K8S_POD_PENDING cp1'],
  },
  'api-restarting': {
    causes: ['K8S_API_ADVERTISES_NAT cp1'],
    consequences: ['K8S_API_UNREACHABLE cp1'],
    unknown: [
      'tokens',
      'api-address',
      'nodes-schedulable',
      'taints',
      'versions',
      'node-addresses',
      'nodes-ready',
      'nodes-registered',
      'kubelet-answers',
      'restarts',
      'system-pods',
      'calico-mesh',
      'calico-pool',
      'calico-addresses',
      'pod-routes',
      'coredns',
    ],
  },
  'bgp-blocked': { causes: ['GUEST_FIREWALL worker1 × 2'], consequences: [] },
  mtu: { causes: ['GUEST_MTU_DIFFERS worker2'], consequences: [] },
  'default-route': { causes: ['GUEST_DEFAULT_ROUTE_MISSING worker2'], consequences: [] },
  'cri-off': { causes: ['GUEST_CRI_OFF worker2'], consequences: [] },
  'cgroup-driver': { causes: ['GUEST_CGROUP_DRIVER worker1'], consequences: [] },
  'kubelet-name': { causes: ['GUEST_KUBELET_NAME worker2'], consequences: [] },
  'kubelet-server': { causes: ['GUEST_KUBELET_SERVER_NAT worker1'], consequences: [] },
  'coredns-loop': { causes: ['K8S_DNS_LOOP -'], consequences: [] },
  'coredns-corefile': { causes: ['K8S_DNS_COREFILE -'], consequences: [] },
  'coredns-image': { causes: ['K8S_DNS_IMAGE -'], consequences: [] },
  taints: { causes: ['K8S_NODE_TAINT worker1', 'K8S_NODE_TAINT worker2'], consequences: [] },
  'bgp-mesh': {
    causes: ['K8S_BGP_MESH_OFF -'],
    consequences: [
      'K8S_BGP_NOT_ESTABLISHED cp1',
      'K8S_BGP_NOT_ESTABLISHED worker1',
      'K8S_POD_ROUTE_MISSING cp1 × 2',
      'K8S_POD_ROUTE_MISSING worker1 × 2',
      'K8S_POD_ROUTE_MISSING worker2 × 2',
    ],
  },
  'calico-first-found': {
    causes: ['K8S_CALICO_ADDRESS_NAT worker2'],
    consequences: [
      'K8S_CALICO_ADDRESS_MISSING cp1',
      'K8S_CALICO_ADDRESS_MISSING worker1',
      'K8S_POD_CRASHING cp1',
      'K8S_POD_CRASHING worker1',
      'K8S_POD_NOT_READY worker2',
      'K8S_POD_ROUTE_MISSING worker2 × 2',
    ],
  },
  'control-plane-not-ready': {
    causes: ['GUEST_KUBELET_STOPPED cp1'],
    consequences: ['K8S_NODE_NOT_READY cp1', 'K8S_POD_NOT_READY cp1 × 7'],
  },
  cordoned: { causes: ['K8S_NODE_CORDONED worker1', 'K8S_NODE_CORDONED worker2'], consequences: [] },
  'coredns-zero': { causes: ['K8S_DNS_SCALED_TO_ZERO -'], consequences: [] },
  'crio-stopped': { causes: ['GUEST_RUNTIME_STOPPED worker1'], consequences: [] },
  'disk-pressure': {
    causes: [
      'K8S_NODE_DISK_PRESSURE cp1',
      'K8S_NODE_DISK_PRESSURE worker1',
      'K8S_NODE_DISK_PRESSURE worker2',
    ],
    consequences: [],
  },
  'ha-etcd-removed': {
    causes: ['K8S_ETCD_MEMBERS cp2'],
    consequences: [
      'K8S_API_UNREACHABLE cp2',
      'K8S_BALANCER_SERVER cp1',
      'K8S_BALANCER_SERVER cp2',
      'K8S_BALANCER_SERVER cp3',
      'K8S_ETCD_DOWN cp2',
      'K8S_NODE_NOT_READY cp2',
      'K8S_POD_NOT_READY cp2 × 8',
      'K8S_PROGRAM_FAILING cp2',
    ],
  },
  'ha-etcd-stopped': {
    causes: ['K8S_ETCD_DOWN cp3'],
    consequences: [
      'K8S_API_UNREACHABLE cp3',
      'K8S_BALANCER_SERVER lb1',
      'K8S_BALANCER_SERVER lb2',
      'K8S_NODE_NOT_READY cp3',
      'K8S_POD_NOT_READY cp3 × 6',
    ],
    unknown: ['api-address', 'certificates', 'etcd'],
  },
  'ha-vip-missing': {
    causes: ['K8S_BALANCER_STOPPED lb1', 'K8S_BALANCER_STOPPED lb2'],
    consequences: ['K8S_ENDPOINT_UNREACHABLE -', 'K8S_VIP_MISSING -'],
  },
  'ha-vip-split': { causes: ['K8S_VIP_SPLIT -'], consequences: [] },
  'hard-way-units': {
    causes: ['K8S_PROGRAM_FAILING cp3', 'K8S_PROGRAM_MISSING worker1', 'K8S_PROGRAM_STOPPED cp2'],
    consequences: ['K8S_ETCD_DOWN cp3'],
  },
  'kubelet-cp1': { causes: ['GUEST_KUBELET_STOPPED cp1'], consequences: [] },
  'no-node-ip': { causes: ['K8S_NODE_IP_UNSET worker2'], consequences: [] },
  'node-ip-nat': {
    causes: ['GUEST_HOSTNAME_RESOLVES worker2', 'K8S_NODE_ADDRESS_NAT worker2'],
    consequences: [],
  },
  'pod-range-missing': { causes: ['K8S_POD_RANGE_MISSING worker1'], consequences: [] },
  'probes-cni-program': {
    causes: ['K8S_PROBE_POD worker1'],
    consequences: ['K8S_WORKLOAD_UNAVAILABLE -'],
  },
  'probes-mtu-hole': { causes: ['K8S_POD_PATH_LARGE_LOST worker2'], consequences: [] },
  'probes-path-lost': {
    causes: ['K8S_POD_PATH_LOST worker1'],
    consequences: ['K8S_DNS_NO_ANSWER worker1'],
  },
  'probes-refused': { causes: ['K8S_PROBE_REFUSED -'], consequences: [] },
  reset: { causes: ['GUEST_BARE cp1', 'GUEST_BARE worker1', 'GUEST_BARE worker2'], consequences: [] },
  'route-overlap': {
    causes: ['GUEST_ROUTE_OVERLAPS worker1'],
    consequences: ['GUEST_PING_LOST cp1', 'GUEST_PING_LOST worker1'],
  },
  'worker-halted': { causes: ['GUEST_UNREACHABLE worker1'], consequences: [] },
  'workers-not-ready': {
    causes: ['GUEST_KUBELET_STOPPED worker1', 'GUEST_RUNTIME_STOPPED worker2'],
    consequences: [
      'K8S_DNS_UNAVAILABLE -',
      'K8S_NODE_NOT_READY worker1',
      'K8S_NODE_NOT_READY worker2',
      'K8S_POD_NOT_READY worker1 × 2',
    ],
  },
  'workers-stopped': {
    causes: ['GUEST_KUBELET_STOPPED worker1', 'GUEST_RUNTIME_STOPPED worker2'],
    consequences: [],
  },
};

let checks: Check[] = [];
beforeAll(async () => {
  checks = await loadChecks();
});

const counted = (lines: string[]): string[] =>
  [...new Set(lines)].sort().map((line) => {
    const times = lines.filter((other) => other === line).length;
    return times === 1 ? line : `${line} × ${times}`;
  });

describe('snapshots of broken clusters', () => {
  test('are all listed here', () => {
    expect(brokenNames().sort()).toEqual(
      Object.keys(faults)
        .map((name) => `broken/${name}`)
        .sort(),
    );
  });

  test.each(Object.entries(faults))('%s: the cause is named, all else follows from it', (name, expected) => {
    const { cluster, snapshot } = snapshotOf(`broken/${name}`);
    const report = evaluate(cluster, snapshot, checks);
    const findings = report.results.flatMap((result) => result.findings);
    const lines = (follows: boolean): string[] =>
      findings
        .filter(({ consequenceOf }) => (consequenceOf !== undefined) === follows)
        .map(({ code, machine }) => `${code} ${machine ?? '-'}`);
    expect({
      causes: counted(lines(false)),
      consequences: counted(lines(true)),
      unknown: report.results
        .filter(({ reason, status }) => reason !== undefined && status !== 'skipped')
        .map(({ id }) => id),
    }).toEqual({ unknown: [], ...expected });
    expect(report.sound).toBe(false);
  });

  test.each(Object.keys(faults))('%s: every cause has evidence, and a fix for this lab', (name) => {
    const { cluster, snapshot } = snapshotOf(`broken/${name}`);
    const report = evaluate(cluster, snapshot, checks);
    for (const { consequenceOf, evidence, fix } of report.results.flatMap((result) => result.findings)) {
      if (consequenceOf) continue;
      expect(evidence.length).toBeGreaterThan(0);
      expect(fix?.join('\n')).not.toMatch(/<[a-z -]+>|undefined/);
      expect(fix?.length).toBeGreaterThan(0);
    }
  });

  test.each(Object.keys(faults))('%s: the report fits on a screen or two', (name) => {
    const { cluster, snapshot } = snapshotOf(`broken/${name}`);
    const text = reportText(evaluate(cluster, snapshot, checks), { width: 100 });
    expect(text.split('\n').length).toBeLessThan(80);
  });
});

test.each([...baseNames(), ...brokenNames()])('%s holds no secrets', (name) => {
  const text = textOf(name);
  expect(text).not.toMatch(/-----BEGIN|PRIVATE KEY|[Bb]earer |eyJ[A-Za-z0-9_-]{10}/);
  // A bootstrap token, and anything long enough to be a key or a certificate in base64.
  expect(text).not.toMatch(/(^|[^a-z0-9.-])[a-z0-9]{6}\.[a-z0-9]{16}([^a-z0-9]|$)/m);
  expect(text).not.toMatch(/[A-Za-z0-9+/]{100}/);
});
