import type { CatalogueEntry } from './entry.js';

const troubleshooting = 'https://github.com/flannel-io/flannel/blob/master/Documentation/troubleshooting.md';
const configuration = 'https://github.com/flannel-io/flannel/blob/master/Documentation/configuration.md';
const putBack = [
  'k8slab provision <first control plane>',
  'k8slab kubectl -- -n kube-flannel rollout status daemonset/kube-flannel-ds',
];

/** What is wrong with flannel. */
export const k8sFlannelEntries = {
  K8S_FLANNEL_ADDRESS_NAT: {
    title: 'flannel has chosen the address of the NAT adapter',
    exit: 1,
    meaning:
      'Every node says that its pods are to be found at 10.0.2.15, so each sends the packets for the others to itself. Pods of one machine reach each other, pods of different machines do not.',
    why: 'Without --iface-can-reach flannel takes the address of the default route, which is NAT on every machine.',
    fix: putBack,
    see: ['k8slab kubectl -- describe nodes | grep flannel.alpha.coreos.com/public-ip'],
    source: `${troubleshooting}#vagrant`,
  },
  K8S_FLANNEL_ADDRESS: {
    title: 'flannel has chosen another address than planned',
    exit: 1,
    meaning: 'Other machines send the packets of its pods to the wrong place.',
    why: 'The options --iface, --iface-regex or --public-ip find another adapter than the host-only one.',
    fix: putBack,
    see: ['k8slab kubectl -- -n kube-flannel get daemonset kube-flannel-ds -o yaml'],
    source: configuration,
  },
  K8S_FLANNEL_ADDRESS_MISSING: {
    title: 'flannel has chosen no address for a node',
    exit: 1,
    meaning: 'flannel has not started well there; pods on it have no network.',
    why: 'Its pod still waits for its image, or crashes: its log says why.',
    fix: ['k8slab kubectl -- -n kube-flannel logs -l app=flannel --all-containers --tail 20'],
    source: `${troubleshooting}#kubernetes-specific`,
  },
  K8S_FLANNEL_MTU: {
    title: 'flannel takes packets that are too large for the adapter',
    exit: 1,
    meaning:
      'Large packets of this node’s pods are cut into pieces on the way, or refused with a word that not every sender hears: slow, and some connections open and then hang.',
    why: 'flannel takes the MTU of the adapter it has chosen, less 50 bytes for the wrapping. With this machine’s own address in --iface-can-reach it chooses the loopback adapter, of 65536 bytes; or the adapter has got a smaller MTU since.',
    fix: putBack,
    see: ['k8slab ssh <machine> -- ip -details link show flannel.1'],
    source: `${troubleshooting}#data-plane`,
  },
  K8S_FLANNEL_SUBNET_MISSING: {
    title: 'A node has no range of pod addresses',
    exit: 1,
    meaning: 'flannel stops on it with "pod cidr not assigned", and its pods get no addresses.',
    why: 'The controller manager gives out no ranges (--allocate-node-cidrs, --cluster-cidr), or podSubnet has none left.',
    fix: [
      'k8slab kubectl -- -n kube-system logs -l component=kube-controller-manager --tail 50',
      'k8slab ssh <control plane> -- sudo grep cidr /etc/kubernetes/manifests/kube-controller-manager.yaml',
      'The hard way: k8slab ssh <control plane> -- sudo journalctl -u kube-controller-manager -n 50 --no-pager',
    ],
    source: `${troubleshooting}#kubernetes-specific`,
  },
  K8S_FLANNEL_SUBNET: {
    title: 'A node’s pod addresses lie outside podSubnet',
    exit: 1,
    meaning: 'flannel makes no routes for them: its pods reach no other machine.',
    why: 'The cluster was made with another podSubnet than lab.yaml has now; the range of a node never changes.',
    fix: ['Put the old podSubnet back into lab.yaml, or make the lab anew: k8slab destroy, k8slab up'],
    source: `${troubleshooting}#kubernetes-specific`,
  },
} satisfies Record<string, CatalogueEntry>;
