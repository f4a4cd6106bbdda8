import type { CatalogueEntry } from './entry.js';
import { k8sFlannelEntries } from './k8sFlannel.js';
import { k8sPodEntries } from './k8sPods.js';

/** What is wrong with the Kubernetes cluster on top of sound machines. */
export const k8sEntries = {
  ...k8sPodEntries,
  ...k8sFlannelEntries,
  K8S_API_UNREACHABLE: {
    title: 'An API server does not answer',
    exit: 1,
    meaning: 'Kubelets on this machine cannot report, and joins from it fail.',
    why: 'The API server is not up (yet), listens on another address, or a firewall is in the way.',
    fix: [
      'k8slab ssh <control plane> -- sudo crictl ps -a',
      'k8slab ssh <control plane> -- sudo journalctl -u kubelet -n 50 --no-pager',
    ],
    see: ['k8slab ssh <machine> -- curl -k https://<address>:6443/livez'],
  },
  K8S_ENDPOINT_UNREACHABLE: {
    title: 'The API does not answer through its endpoint',
    exit: 1,
    meaning:
      'The API servers may be up, but clients reach them through the load balancer, and that way is closed.',
    why: 'haproxy or keepalived does not run, or the virtual address is on no machine.',
    fix: ['k8slab ssh <load balancer> -- systemctl status haproxy keepalived'],
  },
  K8S_API_ADVERTISES_NAT: {
    title: 'The API server advertises the address of the NAT adapter',
    exit: 1,
    meaning:
      'Every machine has 10.0.2.15: whoever follows the advertised address talks to itself. `kubeadm join` tries 10.0.2.15:6443 and gets "connection refused".',
    why: 'kubeadm takes the address of the default route unless advertiseAddress is set, and the default route goes through NAT.',
    fix: [
      'Set localAPIEndpoint.advertiseAddress to the host-only address before `kubeadm init`: k8slab does.',
    ],
    see: ['k8slab kubectl -- get endpointslices -l kubernetes.io/service-name=kubernetes'],
    source: 'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/create-cluster-kubeadm/',
  },
  K8S_API_ADDRESS: {
    title: 'The API server advertises another address than planned',
    exit: 1,
    meaning: 'Pods and nodes are sent to an address that is not the control plane’s planned one.',
    why: 'kubeadm was run by hand, the machine got another address, or an old control plane is still listed.',
    fix: ['k8slab kubectl -- get endpointslices -l kubernetes.io/service-name=kubernetes'],
  },
  K8S_NODE_MISSING: {
    title: 'A planned node has not joined',
    exit: 1,
    meaning: 'The machine is not part of the cluster.',
    why: 'Its join has not run yet or failed: the API was not reached, or the bootstrap token has expired.',
    fix: [
      'k8slab provision <machine>',
      'k8slab ssh <machine> -- sudo journalctl -u kubelet -n 50 --no-pager',
    ],
  },
  K8S_NODE_UNPLANNED: {
    title: 'The cluster has a node that is not planned',
    exit: 1,
    meaning: 'The scheduler counts on a machine that this lab does not know.',
    why: 'A machine was removed from lab.yaml or renamed, and its node stayed behind.',
    fix: ['k8slab kubectl -- delete node <name>'],
  },
  K8S_NODE_NOT_READY: {
    title: 'A node is not Ready',
    exit: 1,
    meaning: 'No new pods are placed there; those that run may be moved away.',
    why: 'Its kubelet does not report, or the container runtime is not running.',
    fix: [
      'k8slab kubectl -- describe node <name>',
      'k8slab ssh <machine> -- sudo journalctl -u kubelet -n 50 --no-pager',
    ],
  },
  K8S_NODE_NO_CNI: {
    title: 'A node is not Ready: it has no CNI',
    exit: 1,
    meaning: 'Pods with a network of their own cannot start there, CoreDNS among them.',
    why: 'The CNI puts its configuration into /etc/cni/net.d when its own pod runs. Right after `kubeadm init` there is none: that is expected until the CNI is applied.',
    fix: ['k8slab kubectl -- get pods -A -o wide', 'k8slab verify --wait 5m'],
    see: ['k8slab ssh <machine> -- ls /etc/cni/net.d'],
    source:
      'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/create-cluster-kubeadm/#pod-network',
  },
  K8S_NODE_ADDRESS_NAT: {
    title: 'A node has registered the address of the NAT adapter',
    exit: 1,
    meaning: '`kubectl logs` and `exec` go to 10.0.2.15, which is the asking machine itself, and fail.',
    why: 'The kubelet takes the address of the default route unless --node-ip is set.',
    fix: ['k8slab provision <machine>', 'k8slab ssh <machine> -- sudo systemctl restart kubelet'],
    see: ['k8slab kubectl -- get nodes -o wide'],
    source: 'https://kubernetes.io/docs/reference/command-line-tools-reference/kubelet/',
  },
  K8S_NODE_ADDRESS: {
    title: 'A node has registered another address than planned',
    exit: 1,
    meaning: 'Other parts of the cluster look for the node at the wrong place.',
    why: '--node-ip was changed, or the machine had another address when it joined.',
    fix: ['k8slab provision <machine>', 'k8slab ssh <machine> -- sudo systemctl restart kubelet'],
    see: ['k8slab kubectl -- get nodes -o wide'],
  },
  K8S_CALICO_POOL: {
    title: "Calico's address pool is not the planned podSubnet",
    exit: 1,
    meaning:
      'Pods get addresses outside the range that the rest of the cluster expects, possibly one that is in use elsewhere.',
    why: 'Calico was first started with its default, 192.168.0.0/16, which contains the host-only networks; the pool is made once.',
    fix: ['k8slab kubectl -- get ippools.crd.projectcalico.org'],
    source: 'https://github.com/projectcalico/calico/issues/3765',
  },
  K8S_CALICO_POOL_MISSING: {
    title: 'Calico has no address pool',
    exit: 1,
    meaning: 'No pod gets an address.',
    why: 'calico-node makes the pool when it first starts: it has not, or it was deleted.',
    fix: ['k8slab kubectl -- -n kube-system logs -l k8s-app=calico-node --tail 20'],
  },
  K8S_CALICO_ADDRESS_NAT: {
    title: 'Calico has chosen the address of the NAT adapter',
    exit: 1,
    meaning:
      'Every node claims 10.0.2.15. Calico crash-loops or stays 0/1 ("BIRD is not ready", "Felix is not live"), and pods of different machines do not reach each other.',
    why: 'The default first-found takes the first adapter, which is NAT on every machine.',
    fix: [
      'k8slab kubectl -- -n kube-system set env daemonset/calico-node IP_AUTODETECTION_METHOD=can-reach=<first control plane>',
    ],
    see: ['k8slab kubectl -- describe nodes | grep projectcalico.org/IPv4Address'],
    source: 'https://docs.tigera.io/calico/latest/networking/ipam/ip-autodetection',
  },
  K8S_CALICO_ADDRESS_VIP: {
    title: 'Calico has chosen the virtual address',
    exit: 1,
    meaning: 'When the virtual address moves, the node loses its address, and its pods their network.',
    why: 'can-reach=<virtual address> makes the machine that holds it choose it.',
    fix: ['Point can-reach at the first control plane’s own host-only address.'],
    source: 'https://docs.tigera.io/calico/latest/networking/ipam/ip-autodetection',
  },
  K8S_CALICO_ADDRESS_BRIDGE: {
    title: 'Calico has chosen the address of a bridge inside the machine',
    exit: 1,
    meaning: '"BIRD is not ready: BGP not established": no other machine reaches that address.',
    why: 'A bridge of another program (172.22.0.1 and the like) came first in the search.',
    fix: [
      'k8slab kubectl -- -n kube-system set env daemonset/calico-node IP_AUTODETECTION_METHOD=can-reach=<first control plane>',
    ],
    source: 'https://docs.tigera.io/calico/latest/networking/ipam/ip-autodetection',
  },
  K8S_CALICO_ADDRESS: {
    title: 'Calico has chosen another address than planned',
    exit: 1,
    meaning: 'Other machines send the packets of its pods to the wrong place.',
    why: 'The autodetection method finds another adapter than the host-only one.',
    fix: [
      'k8slab kubectl -- -n kube-system set env daemonset/calico-node IP_AUTODETECTION_METHOD=can-reach=<first control plane>',
    ],
    source: 'https://docs.tigera.io/calico/latest/networking/ipam/ip-autodetection',
  },
  K8S_CALICO_ADDRESS_MISSING: {
    title: 'Calico has chosen no address for a node',
    exit: 1,
    meaning: 'calico-node has not started well there; pods on it have no network.',
    why: 'Its pod is still starting, crashes, or another node already claims the address it found.',
    fix: ['k8slab kubectl -- -n kube-system get pods -l k8s-app=calico-node -o wide'],
  },
} satisfies Record<string, CatalogueEntry>;
