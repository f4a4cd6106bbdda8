import type { Cluster, Machine, Role } from '../plan/cluster.js';
import type { SecretFacts } from './fileTree.js';
import { thirdOctet } from './hypervisorName.js';

/** What templates about the cluster as a whole may print. */
export function clusterContext(cluster: Cluster): Record<string, unknown> {
  const controlPlanes = ofRole(cluster, 'control-plane');
  const workers = ofRole(cluster, 'worker');
  const nodes = [...controlPlanes, ...workers];
  return {
    cluster,
    controlPlanes,
    workers,
    loadBalancers: ofRole(cluster, 'load-balancer'),
    nodes,
    ...present({
      firstControlPlane: controlPlanes[0],
      firstNode: nodes[0],
      lastNode: nodes.at(-1),
      endpoint: cluster.endpoint,
      kubernetes: cluster.kubernetes,
    }),
    networking: cluster.networking,
    certSANs: certSANs(cluster),
    options: {
      cni: cluster.cni.options,
      runtime: cluster.runtime.options,
      bootstrap: cluster.bootstrap.options,
    },
  };
}

/** What a configuration file of one machine may print, besides `clusterContext`. */
export function machineContext(
  cluster: Cluster,
  machine: Machine,
  facts: SecretFacts,
): Record<string, unknown> {
  const first = machine.index === 0;
  return {
    ...clusterContext(cluster),
    machine,
    settings: Object.fromEntries(machine.settings.map(({ name, value }) => [name, value])),
    caCertHash: facts.caCertHash ?? '',
    // keepalived: the first load balancer holds the address; router id 0 is not allowed.
    vrrpState: first ? 'MASTER' : 'BACKUP',
    priority: first ? 101 : 100,
    virtualRouterId: thirdOctet(cluster) || 255,
  };
}

/** Names and addresses under which the API may be asked: the certificate of the API server lists them. */
function certSANs(cluster: Cluster): string[] {
  const servers = [...ofRole(cluster, 'control-plane'), ...ofRole(cluster, 'load-balancer')];
  const names = servers.flatMap((machine) => [machine.address, machine.name]);
  const endpoint = cluster.endpoint ? [cluster.endpoint.address] : [];
  return [...new Set([...names, ...endpoint, 'localhost', '127.0.0.1'])];
}

function ofRole(cluster: Cluster, role: Role): Machine[] {
  return cluster.machines.filter((machine) => machine.role === role);
}

function present(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
