import { expect } from '@jest/globals';
import type { KubernetesLab, Node } from './kubernetesLab.js';

/**
 * Every machine's default route is the NAT adapter, 10.0.2.15 on all of them, and yet each node's InternalIP and the API's
 * endpoint are the planned host-only addresses.
 */
export async function expectPlannedAddresses(lab: KubernetesLab): Promise<void> {
  const { plan, workshop } = lab;
  for (const { name, address } of plan.machines) {
    const said = await workshop.on(
      lab.lab,
      name,
      'ip -4 -o address show scope global; ip -4 route show default; ip -4 route get 192.0.2.1',
    );
    expect(said).toMatch(/ eth0 +inet 10\.0\.2\.15\/24 /);
    expect(said).toMatch(new RegExp(` eth1 +inet ${address}/24 `));
    expect(said).toMatch(/^default via 10\.0\.2\.2 dev eth0 /m);
    expect(said).toMatch(/^192\.0\.2\.1 via 10\.0\.2\.2 dev eth0 src 10\.0\.2\.15 /m);
  }
  const nodes = await lab.list<Node>('nodes');
  expect(ready(nodes)).toEqual(plan.machines.map(({ name }) => name).sort());
  expect(addressesOf(nodes, 'InternalIP')).toEqual(planned(lab));
  const [slice, ...others] = await lab.list<{ endpoints: { addresses: string[] }[] }>(
    'endpointslices',
    '--namespace',
    'default',
    '--selector',
    'kubernetes.io/service-name=kubernetes',
  );
  expect(others).toEqual([]);
  expect(slice?.endpoints.flatMap(({ addresses }) => addresses)).toEqual(
    plan.machines.filter(({ role }) => role === 'control-plane').map(({ address }) => address),
  );
}

/** calico-node has chosen the planned host-only address on every node. */
export async function expectCalicoAddresses(lab: KubernetesLab): Promise<void> {
  await expectAnnotation(lab, 'projectcalico.org/IPv4Address', (address) => `${address}/24`);
}

/** flanneld has chosen the planned host-only address on every node. */
export async function expectFlannelAddresses(lab: KubernetesLab): Promise<void> {
  await expectAnnotation(lab, 'flannel.alpha.coreos.com/public-ip', (address) => address);
}

async function expectAnnotation(
  lab: KubernetesLab,
  annotation: string,
  valueFor: (address: string) => string,
): Promise<void> {
  const nodes = await lab.list<Node>('nodes');
  const chosen = nodes.map(({ metadata }) => [metadata.name, metadata.annotations[annotation]]);
  const wanted = Object.entries(planned(lab)).map(([name, address]) => [name, valueFor(address)]);
  expect(Object.fromEntries(chosen)).toEqual(Object.fromEntries(wanted));
}

/** BIRD on every machine has an Established session with each of the others, and none besides. */
export async function expectBgpEstablished(lab: KubernetesLab): Promise<void> {
  const pods = await lab.pods('k8s-app=calico-node');
  const sessions: Record<string, Record<string, string>> = {};
  for (const pod of pods) {
    const said = await lab.inPod(pod, 'birdcl -s /var/run/calico/bird.ctl show protocols all');
    const peers: Record<string, string> = {};
    for (const block of said.split(/\n(?=\S)/)) {
      const [, state] = /^\S+ +BGP +\S+ +\S+ +\S+ *([^\n]*)/.exec(block) ?? [];
      const [, neighbour] = /Neighbor address: +(\S+)/.exec(block) ?? [];
      if (state !== undefined) peers[neighbour ?? '?'] = state.trim();
    }
    sessions[pod.spec.nodeName] = peers;
  }
  const { machines } = lab.plan;
  const mesh = machines.map(({ name }) => [
    name,
    Object.fromEntries(
      machines.filter((other) => other.name !== name).map(({ address }) => [address, 'Established']),
    ),
  ]);
  expect(sessions).toEqual(Object.fromEntries(mesh));
}

/** The routes to pods on other machines leave by this device: `eth1`, or an overlay's. Every machine needs pods for it. */
export async function expectPodRoutes(lab: KubernetesLab, device: string): Promise<void> {
  const { plan, workshop } = lab;
  const [first = '', second = ''] = plan.networking.podSubnet.split('.');
  for (const { name } of plan.machines) {
    const routes = (await workshop.on(lab.lab, name, 'ip -4 route')).split('\n');
    const remote = routes.filter((line) => line.startsWith(`${first}.${second}.`) && line.includes(' via '));
    expect(remote.length).toBeGreaterThanOrEqual(plan.machines.length - 1);
    expect(remote.filter((line) => !line.includes(` dev ${device} `))).toEqual([]);
  }
}

const planned = (lab: KubernetesLab): Record<string, string> =>
  Object.fromEntries(lab.plan.machines.map(({ name, address }) => [name, address]));

const ready = (nodes: readonly Node[]): string[] =>
  nodes
    .filter(({ status }) =>
      status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    )
    .map(({ metadata }) => metadata.name)
    .sort();

const addressesOf = (nodes: readonly Node[], kind: string): Record<string, string> =>
  Object.fromEntries(
    nodes.map(({ metadata, status }) => [
      metadata.name,
      status.addresses
        .filter(({ type }) => type === kind)
        .map(({ address }) => address)
        .join(','),
    ]),
  );
