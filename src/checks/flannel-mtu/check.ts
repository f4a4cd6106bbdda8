import type { MachineSnapshot } from '../../collect/snapshot.js';
import type { Machine } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNode, judgeMachines, onMachine, plannedInterface } from '../look.js';

/** The device that wraps packets for other machines; its number is the VXLAN's, 1 unless told otherwise. */
const device = 'flannel.1';

/** Bytes that VXLAN puts around a packet: flannel makes its device so much smaller than the adapter it has chosen. */
const wrapping = 50;

export const check: Check = {
  id: 'flannel-mtu',
  title: "flannel's packets fit through the host-only adapter",
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
      if (!own || !adapter || own.mtu <= adapter.mtu - wrapping) return [];
      return [finding(machine, facts, own.mtu, adapter)];
    }),
};

function finding(
  machine: Machine,
  facts: MachineSnapshot,
  mtu: number,
  adapter: { name: string; mtu: number },
): Finding {
  const chosen = facts.system?.interfaces?.find((link) => link.mtu === mtu + wrapping);
  return {
    code: 'K8S_FLANNEL_MTU',
    severity: 'warning',
    machine: machine.name,
    message: `flannel on ${machine.name} takes packets of ${mtu} bytes; once wrapped, no more than ${adapter.mtu - wrapping} fit through ${adapter.name}.`,
    evidence: [
      `${device}: mtu ${mtu}, ${wrapping} less than that of the adapter it has chosen${chosen ? `: ${chosen.name}` : ''}`,
      `${adapter.name} (${machine.address}): mtu ${adapter.mtu}`,
    ],
    fix: [
      onMachine(machine.name, `ip -details link show ${device}`),
      'k8slab provision',
      'k8slab kubectl -- -n kube-flannel rollout restart daemonset/kube-flannel-ds',
    ],
  };
}
