import type { MachineSnapshot } from '../../collect/snapshot.js';
import type { Machine } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNode, judgeMachines, onMachine, plannedInterface } from '../look.js';

/** The device that wraps packets for other machines; its number is the VXLAN's, 1 unless told otherwise. */
const device = 'flannel.1';

/** Bytes that VXLAN puts around a packet: flannel makes its device so much smaller than the adapter it uses. */
const wrapping = 50;

export const check: Check = {
  id: 'flannel-interface',
  title: 'flannel sends through the host-only adapter',
  layer: 'cni',
  follows: { here: ['address', 'flannel-addresses'] },
  applies: (cluster) =>
    isKubernetes(cluster) && cluster.cni.name === 'flannel' && cluster.cni.options.backend !== 'host-gw',
  evaluate: (cluster, snapshot) =>
    judgeMachines(cluster, snapshot, isNode, (machine, facts) => {
      const links = facts.system?.interfaces;
      if (!links) return undefined;
      const own = links.find(({ name }) => name === device);
      const adapter = plannedInterface(machine, facts);
      // Without one of them, the checks of addresses have something to say.
      return own && adapter && own.mtu > adapter.mtu - wrapping
        ? [finding(machine, facts, own.mtu, adapter)]
        : [];
    }),
};

function finding(
  machine: Machine,
  facts: MachineSnapshot,
  mtu: number,
  adapter: { name: string; mtu: number },
): Finding {
  const used = facts.system?.interfaces?.find((link) => link.mtu === mtu + wrapping);
  const loopback = used?.name === 'lo';
  return {
    code: loopback ? 'K8S_FLANNEL_LOOPBACK' : 'K8S_FLANNEL_MTU',
    severity: 'failed',
    machine: machine.name,
    message: loopback
      ? `flannel on ${machine.name} sends packets for other machines into the loopback adapter instead of ${adapter.name}.`
      : `flannel on ${machine.name} takes packets of ${mtu} bytes, which do not fit through ${adapter.name} once wrapped: large ones get lost.`,
    evidence: [
      `${device}: mtu ${mtu}, that is ${mtu + wrapping} less ${wrapping} for the wrapping`,
      ...(used ? [`${used.name}: mtu ${used.mtu}`] : []),
      `${adapter.name} (${machine.address}): mtu ${adapter.mtu}`,
    ],
    fix: [
      onMachine(machine.name, `ip -details link show ${device}`),
      'k8slab kubectl -- -n kube-flannel get daemonset kube-flannel-ds -o jsonpath={..containers[0].args}',
      'k8slab provision',
    ],
  };
}
