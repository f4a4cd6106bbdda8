import type { BridgeFacts } from '../../collect/snapshot.js';
import type { Machine } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, judgeMachines, onMachine, reached } from '../look.js';

type Ping = NonNullable<BridgeFacts['pings']>[number];

/** Above this size a packet is one of those that fill the MTU. */
const smallPacket = 84;

export const check: Check = {
  id: 'bridge-ping',
  title: 'Small and MTU-filling packets reach the pods of every other machine',
  layer: 'cni',
  follows: { anywhere: ['bridge-routes', 'bridge-interface', 'sysctls', 'address'] },
  applies: (cluster) =>
    cluster.machines.some((machine) => machine.podGateway !== undefined && machine.routes.length > 0),
  evaluate: (cluster, snapshot) => {
    const onBridge = (machine: Machine): boolean => machine.podGateway !== undefined;
    const machines = reached(cluster, snapshot, onBridge);
    // Without a container there is no bridge to ping, which is no fault of a Kubernetes node.
    const there = machines.filter(({ facts }) => !isKubernetes(cluster) || facts.bridge?.exists !== false);
    const peers = new Set(there.map(({ machine }) => machine.name));
    if (peers.size < 2)
      return peers.size === machines.length ? { unknown: 'fewer than two machines were reached' } : [];
    return judgeMachines(
      cluster,
      snapshot,
      (machine) => peers.has(machine.name),
      (machine, { bridge }) => {
        const pings = bridge?.pings;
        const expected = cluster.machines.filter(
          (peer) => peer.name !== machine.name && peers.has(peer.name),
        );
        if (!pings || !expected.every((peer) => pings.some((ping) => ping.machine === peer.name)))
          return undefined;
        return expected.flatMap((peer) =>
          judgePair(
            machine,
            peer,
            pings.filter((ping) => ping.machine === peer.name),
          ),
        );
      },
    );
  },
};

function judgePair(from: Machine, to: Machine, pings: Ping[]): Finding[] {
  const lost = pings.filter((ping) => !ping.ok);
  if (lost.length === 0) return [];
  const small = lost.filter((ping) => ping.bytes <= smallPacket);
  const evidence = pings.map(
    (ping) =>
      `${ping.from} → ${ping.to}, ${ping.bytes} bytes: ${ping.ok ? 'answered' : ping.detail || 'no answer'}`,
  );
  if (small.length > 0) {
    return [
      {
        code: 'GUEST_PING_LOST',
        severity: 'failed',
        machine: from.name,
        message: `Pods of ${from.name} do not reach those of ${to.name}: ${to.podGateway ?? ''} does not answer.`,
        evidence,
        fix: [
          onMachine(from.name, `ip route get ${to.podGateway ?? ''}`),
          onMachine(to.name, `ip route get ${from.podGateway ?? ''}`),
          onMachine(from.name, `ping -c 3 -I ${from.podGateway ?? ''} ${to.podGateway ?? ''}`),
        ],
      },
    ];
  }
  const size = Math.max(...lost.map((ping) => ping.bytes));
  return [
    {
      code: 'GUEST_PING_LARGE_LOST',
      severity: 'failed',
      machine: from.name,
      message: `Small packets from ${from.name} reach the pods of ${to.name}, those of ${size} bytes do not: the MTU is too large.`,
      evidence,
      fix: [
        onMachine(
          from.name,
          `ping -c 3 -M do -s ${size - 28} -I ${from.podGateway ?? ''} ${to.podGateway ?? ''}`,
        ),
        'k8slab render   # after a smaller networking: {mtu: …} in lab.yaml',
      ],
    },
  ];
}
