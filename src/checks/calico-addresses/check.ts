import type { MachineSnapshot, NodeFacts } from '../../collect/snapshot.js';
import type { Cluster, Machine } from '../../plan/cluster.js';
import { calicoNamespace, hasOperator, restartCalico } from '../calico.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNat, isNode, judgeCluster, withoutPrefix } from '../look.js';

/** Written by calico-node: the address it has chosen for its node, and what its peers use. */
const annotation = 'projectcalico.org/IPv4Address';

export const check: Check = {
  id: 'calico-addresses',
  title: "Calico has chosen every node's host-only address",
  layer: 'cni',
  follows: { here: ['address'] },
  applies: (cluster) => isKubernetes(cluster) && cluster.cni.name === 'calico',
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ nodes }) => {
      if (!nodes) return undefined;
      const findings = cluster.machines.filter(isNode).flatMap((machine): Finding[] => {
        const node = nodes.find((entry) => entry.name === machine.name);
        // A node that has not joined is another check's finding.
        return node ? judgeNode(cluster, machine, node, snapshot.machines[machine.name]) : [];
      });
      return withClaimed(findings);
    }),
};

/** Calico gives an address to one node only: on the others that find the same one it does not start. */
function withClaimed(findings: Finding[]): Finding[] {
  const chosen = findings.filter(({ code }) => code !== 'K8S_CALICO_ADDRESS_MISSING');
  const causes = [...new Set(chosen.map(({ code }) => code))];
  if (causes.length === 0) return findings;
  return findings.map((finding) =>
    chosen.includes(finding) ? finding : { ...finding, consequenceOf: causes },
  );
}

function judgeNode(
  cluster: Cluster,
  machine: Machine,
  node: NodeFacts,
  facts: MachineSnapshot | undefined,
): Finding[] {
  const seen = Object.hasOwn(node.annotations, annotation) ? node.annotations[annotation] : undefined;
  const address = seen === undefined ? undefined : withoutPrefix(seen);
  if (address === machine.address) return [];
  return [
    {
      ...explain(cluster, machine, address, facts),
      severity: 'failed',
      machine: machine.name,
      evidence: [
        `${annotation}: ${seen ?? '(not set)'}`,
        `planned: ${machine.address}`,
        ...methodOf(cluster),
        ...interfaceOf(address, facts),
      ],
      fix: fixes(cluster, machine, seen === undefined),
    },
  ];
}

/** The method that this lab chose, and whether this is what it does. */
function methodOf(cluster: Cluster): string[] {
  const method = cluster.cni.options.autodetection;
  if (method === undefined) return [];
  const expected =
    method === 'first-found'
      ? ': it takes the first adapter, which is NAT on every machine. This lab asks for it, to show this'
      : '';
  return [`cni.autodetection of this lab: ${String(method)}${expected}`];
}

/** The operator puts back what is changed in the DaemonSet by hand, so there its own object is changed. */
function fixes(cluster: Cluster, machine: Machine, silent: boolean): string[] {
  const first = cluster.machines.find((entry) => entry.role === 'control-plane') ?? machine;
  const operator = hasOperator(cluster);
  const namespace = calicoNamespace(cluster);
  const method = {
    canReach: first.address,
    cidrs: null,
    firstFound: null,
    interface: null,
    kubernetes: null,
  };
  const patch = { spec: { calicoNetwork: { nodeAddressAutodetectionV4: method } } };
  return [
    operator
      ? `k8slab kubectl -- patch installation default --type merge --patch '${JSON.stringify(patch)}'`
      : `k8slab kubectl -- -n kube-system set env daemonset/calico-node -c calico-node IP_AUTODETECTION_METHOD=can-reach=${first.address}`,
    // It looks for an address when it starts, and only then: a node that was deleted and came back has none.
    ...(silent ? [restartCalico(cluster, machine.name)] : []),
    `k8slab kubectl -- -n ${namespace} rollout status daemonset/calico-node`,
    ...(silent
      ? [`k8slab kubectl -- -n ${namespace} logs -l k8s-app=calico-node -c calico-node --tail 20`]
      : []),
  ];
}

function explain(
  cluster: Cluster,
  { name, address: planned }: Machine,
  address: string | undefined,
  facts: MachineSnapshot | undefined,
): Pick<Finding, 'code' | 'message'> {
  if (address === undefined) {
    return {
      code: 'K8S_CALICO_ADDRESS_MISSING',
      message: `Calico has chosen no address for ${name}; planned is ${planned}.`,
    };
  }
  if (isNat(cluster, address)) {
    return {
      code: 'K8S_CALICO_ADDRESS_NAT',
      message: `Calico has chosen ${address} for ${name}, the NAT adapter that every machine has; planned is ${planned}.`,
    };
  }
  if (cluster.endpoint?.kind === 'vip' && address === cluster.endpoint.address) {
    return {
      code: 'K8S_CALICO_ADDRESS_VIP',
      message: `Calico has chosen the virtual address ${address} for ${name}, which moves between machines; planned is ${planned}.`,
    };
  }
  const link = linkOf(address, facts);
  if (link !== undefined && /^(br-|docker|virbr|cni|lxcbr|lxdbr)/.test(link)) {
    return {
      code: 'K8S_CALICO_ADDRESS_BRIDGE',
      message: `Calico has chosen ${address} for ${name}, the bridge ${link} inside it; planned is ${planned}.`,
    };
  }
  return {
    code: 'K8S_CALICO_ADDRESS',
    message: `Calico has chosen ${address} for ${name}; planned is ${planned}.`,
  };
}

function linkOf(address: string, facts: MachineSnapshot | undefined): string | undefined {
  return facts?.system?.interfaces?.find((link) =>
    link.addresses.some((own) => withoutPrefix(own) === address),
  )?.name;
}

function interfaceOf(address: string | undefined, facts: MachineSnapshot | undefined): string[] {
  const link = address === undefined ? undefined : linkOf(address, facts);
  return link === undefined ? [] : [`${address ?? ''} is on ${link}`];
}
