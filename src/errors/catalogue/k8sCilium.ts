import type { CatalogueEntry } from './entry.js';

const ipam = 'https://docs.cilium.io/en/stable/network/concepts/ipam/kubernetes/';

/** What Cilium says of its nodes. */
export const k8sCiliumEntries = {
  K8S_CILIUM_NODE_MISSING: {
    title: 'Cilium knows nothing of a node',
    exit: 1,
    meaning:
      'Its agent has not started well there; pods on it have no network, and the others know no way to them.',
    why: 'The pod still waits for its image, or crashes: a kernel without what Cilium needs, or an API that it cannot reach.',
    fix: ['k8slab kubectl -- -n kube-system logs -l k8s-app=cilium -c cilium-agent --tail 20'],
    source: 'https://docs.cilium.io/en/stable/operations/troubleshooting/',
  },
  K8S_CILIUM_ADDRESS_NAT: {
    title: 'Cilium has the address of the NAT adapter for a node',
    exit: 1,
    meaning: 'The others send the packets for its pods to 10.0.2.15, which is themselves.',
    why: 'Cilium takes the node’s InternalIP, so the kubelet registered that address: its node-ip is not set.',
    fix: ['k8slab provision <machine>', 'k8slab kubectl -- -n kube-system rollout restart daemonset/cilium'],
    see: ['k8slab kubectl -- get nodes -o wide'],
    source: ipam,
  },
  K8S_CILIUM_ADDRESS: {
    title: 'Cilium has another address than planned for a node',
    exit: 1,
    meaning: 'The others send the packets for its pods to the wrong place.',
    why: 'Cilium takes the node’s InternalIP: the kubelet registered another address, or did so after the agent had started.',
    fix: ['k8slab provision <machine>', 'k8slab kubectl -- -n kube-system rollout restart daemonset/cilium'],
    see: ['k8slab kubectl -- get nodes -o wide'],
    source: ipam,
  },
  K8S_CILIUM_RANGE: {
    title: 'Cilium gives pods addresses of another range than the node’s',
    exit: 1,
    meaning: 'Pods have addresses outside podSubnet, or such as Kubernetes gave to another node.',
    why: 'ipam.mode is not kubernetes: with cluster-pool, its default, Cilium hands out 10.0.0.0/8 by itself.',
    fix: ['k8slab kubectl -- -n kube-system get configmap cilium-config -o jsonpath={.data.ipam}'],
    source: ipam,
  },
} satisfies Record<string, CatalogueEntry>;
