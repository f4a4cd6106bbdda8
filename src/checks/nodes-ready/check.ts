import type { NodeFacts } from '../../collect/snapshot.js';
import type { Cluster } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, judgeCluster, leavesCniOut, listed, onMachine } from '../look.js';

/** How the kubelet says that no CNI configuration was found. */
const noCni =
  /cni (plugin|config)[a-z ]*(not initialized|uninitialized)|NetworkPluginNotReady|no networks found/i;

export const check: Check = {
  id: 'nodes-ready',
  title: 'Every node is Ready',
  layer: 'nodes',
  follows: {
    here: [
      'cri',
      'kubelet-name',
      'kubelet-server',
      'cni-leftovers',
      'reachable',
      'runtime',
      'kubelet',
      'api-answers',
    ],
    anywhere: ['certificates', 'firewall', 'api-address'],
  },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ nodes }) => {
      if (!nodes) return undefined;
      const planned = new Set(cluster.machines.map((machine) => machine.name));
      const waiting = nodes.filter((node) => planned.has(node.name) && !node.ready);
      const forCni = waiting.filter(({ readyMessage }) => noCni.test(readyMessage));
      const others = waiting.filter((node) => !forCni.includes(node)).map(notReady);
      if (forCni.length > 0 && leavesCniOut(cluster, nodes)) return [...others, leftOut(cluster, forCni)];
      return [...others, ...forCni.map((node) => withoutCni(node, cluster.cni.name))];
    }),
};

/** The state that a lab without CNI is made for; what to do comes from the lab's README, too. */
function leftOut({ cni, networking }: Cluster, nodes: NodeFacts[]): Finding {
  const names = listed(nodes.map(({ name }) => name));
  return {
    code: 'K8S_NODE_NO_CNI_PLANNED',
    severity: 'expected',
    message: `${names} ${nodes.length === 1 ? 'is' : 'are'} NotReady, as expected: this lab has \`cni: ${cni.name}\`.`,
    evidence: nodes.map(({ name, readyReason, readyMessage }) => `${name}: ${readyReason}: ${readyMessage}`),
    fix: [
      `k8slab kubectl -- apply -f FILE   # a CNI's manifest, with ${networking.podSubnet} as its range: README.md has one`,
      'k8slab render && k8slab provision   # or after cni: flannel in lab.yaml: k8slab installs it',
    ],
  };
}

function withoutCni(node: NodeFacts, cni: string): Finding {
  return {
    code: 'K8S_NODE_NO_CNI',
    severity: 'failed',
    machine: node.name,
    message:
      cni === 'none'
        ? `${node.name} is not Ready: the CNI that was added is not set up there.`
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
