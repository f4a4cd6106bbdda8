import type { PodFacts, SystemFacts } from '../../collect/snapshot.js';
import { containsAddress, parseAddress, parseCidr } from '../../lab/cidr.js';
import type { Machine } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNode, judgeMachines, onMachine, word } from '../look.js';

type Route = NonNullable<SystemFacts['routes']>[number];

/** CNIs that route pods' packets by the kernel's own table; the bridge's routes are planned, and have a check of their own. */
const byTable = ['calico', 'flannel'];

export const check: Check = {
  id: 'pod-routes',
  title: 'Every node has a route to the pods of every other',
  layer: 'cni',
  follows: {
    here: [
      'kubelet',
      'runtime',
      'calico-bgp',
      'calico-felix',
      'calico-node-name',
      'nodes-ready',
      'system-pods',
    ],
    anywhere: [
      ...['reachable', 'address', 'firewall', 'calico-addresses', 'flannel-addresses', 'calico-mesh'],
      ...['calico-bgp', 'calico-pool', 'cni-leftovers', 'flannel-subnet'],
    ],
  },
  applies: (cluster) => isKubernetes(cluster) && byTable.includes(cluster.cni.name),
  evaluate: (cluster, snapshot) => {
    const pods = snapshot.cluster?.pods;
    if (!pods) return { unknown: 'the Kubernetes API did not list the pods' };
    const running = pods.filter((pod) => pod.phase === 'Running' && !pod.hostNetwork && pod.podIP !== null);
    return judgeMachines(cluster, snapshot, isNode, (machine, { system }): Finding[] | undefined => {
      if (!system?.routes) return undefined;
      const { routes } = system;
      return cluster.machines
        .filter((peer) => isNode(peer) && peer !== machine)
        .flatMap((peer): Finding[] => {
          const lost = running.filter((pod) => pod.node === peer.name && !leads(routes, pod, peer));
          const [pod] = lost;
          return pod ? [missing(machine, peer, pod, routes)] : [];
        });
    });
  },
};

/** The route that the kernel would take: the narrowest one that holds the address. */
function routeTo(routes: readonly Route[], address: string): Route | undefined {
  const number = parseAddress(address);
  if (number === undefined) return undefined;
  const width = ({ destination }: Route): number =>
    destination === 'default' ? 0 : Number(destination.split('/')[1] ?? 32);
  return routes
    .filter(({ destination }) => {
      if (destination === 'default') return true;
      const range = parseCidr(destination.includes('/') ? destination : `${destination}/32`);
      return range !== undefined && containsAddress(range, number);
    })
    .sort((one, other) => width(other) - width(one))[0];
}

/** Towards the peer itself, or into a device that wraps packets. */
function leads(routes: readonly Route[], pod: PodFacts, peer: Machine): boolean {
  const route = routeTo(routes, pod.podIP ?? '');
  return route !== undefined && (route.via === peer.address || /^(tunl|vxlan|flannel)/.test(route.device));
}

function missing(machine: Machine, peer: Machine, pod: PodFacts, routes: readonly Route[]): Finding {
  const address = pod.podIP ?? '';
  const route = routeTo(routes, address);
  const taken = route ? `${route.destination} via ${route.via ?? 'nobody'} dev ${route.device}` : 'none';
  return {
    code: 'K8S_POD_ROUTE_MISSING',
    severity: 'failed',
    machine: machine.name,
    message: `${machine.name} has no route to the pods of ${peer.name}: packets for ${address} would not go to ${peer.address}.`,
    evidence: [
      `${pod.namespace}/${pod.name} on ${peer.name}: ${address}`,
      `route on ${machine.name}: ${taken}`,
    ],
    fix: ['k8slab verify --wait 2m', onMachine(machine.name, `ip route get ${word(address, 'address')}`)],
  };
}
