import type { NodeFacts } from '../../collect/snapshot.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, judgeCluster, onMachine } from '../look.js';

/** How the kubelet says that no CNI configuration was found. */
const noCni =
  /cni (plugin|config)[a-z ]*(not initialized|uninitialized)|NetworkPluginNotReady|no networks found/i;

export const check: Check = {
  id: 'nodes-ready',
  title: 'Every node is Ready',
  layer: 'nodes',
  follows: { here: ['reachable', 'runtime', 'kubelet', 'api-answers'], anywhere: ['api-address'] },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ nodes }) => {
      if (!nodes) return undefined;
      const planned = new Set(cluster.machines.map((machine) => machine.name));
      return nodes
        .filter((node) => planned.has(node.name) && !node.ready)
        .map((node) => (noCni.test(node.readyMessage) ? withoutCni(node, cluster.cni.name) : notReady(node)));
    }),
};

function withoutCni(node: NodeFacts, cni: string): Finding {
  const expected = cni === 'none';
  return {
    code: 'K8S_NODE_NO_CNI',
    severity: 'failed',
    machine: node.name,
    message: expected
      ? `${node.name} is not Ready: there is no CNI yet, as this lab plans none.`
      : `${node.name} is not Ready: the CNI (${cni}) is not set up there.`,
    evidence: [`Ready: ${node.readyReason}: ${node.readyMessage}`],
    fix: [onMachine(node.name, 'ls /etc/cni/net.d'), 'k8slab kubectl -- get pods -A -o wide'],
  };
}

function notReady(node: NodeFacts): Finding {
  const silent = node.readyReason === 'NodeStatusUnknown';
  return {
    code: 'K8S_NODE_NOT_READY',
    severity: 'failed',
    machine: node.name,
    message: silent
      ? `${node.name} is not Ready: its kubelet no longer reports.`
      : `${node.name} is not Ready: ${node.readyReason || 'no reason given'}.`,
    evidence: [`Ready: ${node.readyReason}: ${node.readyMessage}`],
    fix: [
      `k8slab kubectl -- describe node ${node.name}`,
      onMachine(node.name, 'sudo journalctl -u kubelet -n 50 --no-pager'),
    ],
  };
}
