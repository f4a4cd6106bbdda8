import type { BridgeFacts, MachineSnapshot } from '../../collect/snapshot.js';
import { parseCidr } from '../../lab/cidr.js';
import type { Cluster, Machine } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, judgeMachines, onMachine, plannedInterface, shown, word } from '../look.js';

export const check: Check = {
  id: 'bridge-interface',
  title: "Each machine's bridge has the planned address and a fitting MTU",
  layer: 'cni',
  follows: { here: ['runtime'] },
  applies: (cluster) => cluster.machines.some((machine) => machine.podGateway !== undefined),
  evaluate: (cluster, snapshot) =>
    judgeMachines(
      cluster,
      snapshot,
      (machine) => machine.podGateway !== undefined,
      (machine, facts) => {
        const { bridge } = facts;
        if (bridge?.exists == null) return undefined;
        if (!bridge.exists) return missing(cluster, machine, bridge);
        return [...addressFinding(machine, bridge), ...mtuFindings(cluster, machine, bridge, facts)];
      },
    ),
};

/** The bridge appears with the first container: on a Kubernetes node without pods there is none yet. */
function missing(cluster: Cluster, { name }: Machine, bridge: BridgeFacts): Finding[] {
  if (isKubernetes(cluster) && bridge.leases?.length === 0) return [];
  return [
    {
      code: 'GUEST_BRIDGE_MISSING',
      severity: 'failed',
      machine: name,
      message: `${name} has no bridge ${bridge.name}: no container has been attached to the network since it booted.`,
      evidence: [`container addresses handed out: ${shown(bridge.leases)}`],
      fix: isKubernetes(cluster)
        ? [onMachine(name, 'sudo journalctl -u kubelet -n 50 --no-pager')]
        : [onMachine(name, 'systemctl status hello'), onMachine(name, 'sudo systemctl restart hello')],
    },
  ];
}

function addressFinding({ name, podCidr, podGateway }: Machine, bridge: BridgeFacts): Finding[] {
  const prefix = podCidr === undefined ? undefined : parseCidr(podCidr)?.prefix;
  const planned = `${podGateway ?? ''}/${prefix ?? 24}`;
  if (bridge.addresses?.includes(planned)) return [];
  return [
    {
      code: 'GUEST_BRIDGE_ADDRESS',
      severity: 'failed',
      machine: name,
      message: `The bridge ${bridge.name} of ${name} has ${shown(bridge.addresses, 'no address')}, planned is ${planned}.`,
      evidence: [`${bridge.name}: ${shown(bridge.addresses, 'no address')}`],
      fix: [
        onMachine(
          name,
          `sudo ip link delete ${word(bridge.name, 'bridge')}   # the next container makes it anew`,
        ),
        `k8slab provision ${name}`,
      ],
    },
  ];
}

function mtuFindings(
  cluster: Cluster,
  machine: Machine,
  bridge: BridgeFacts,
  facts: MachineSnapshot,
): Finding[] {
  const link = plannedInterface(machine, facts);
  if (bridge.mtu === null || !link) return [];
  const evidence = [`${bridge.name}: mtu ${bridge.mtu}`, `${link.name}: mtu ${link.mtu}`];
  if (bridge.mtu > link.mtu) {
    return [
      {
        code: 'GUEST_BRIDGE_MTU',
        severity: 'failed',
        machine: machine.name,
        message: `The bridge ${bridge.name} of ${machine.name} has an MTU of ${bridge.mtu}, more than the ${link.mtu} of ${link.name}: large packets get lost.`,
        evidence,
        fix: [
          onMachine(machine.name, `sudo ip link set ${word(bridge.name, 'bridge')} mtu ${link.mtu}`),
          `k8slab render   # after networking: {mtu: ${link.mtu}} in lab.yaml`,
        ],
      },
    ];
  }
  const planned = cluster.networking.mtu;
  if (planned === undefined || planned === bridge.mtu) return [];
  return [
    {
      code: 'GUEST_BRIDGE_MTU_DIFFERS',
      severity: 'warning',
      machine: machine.name,
      message: `The bridge ${bridge.name} of ${machine.name} has an MTU of ${bridge.mtu}, planned is ${planned}.`,
      evidence,
      fix: [
        `k8slab provision ${machine.name}`,
        onMachine(machine.name, `sudo ip link set ${word(bridge.name, 'bridge')} mtu ${planned}`),
      ],
    },
  ];
}
