import type { CatalogueEntry } from './entry.js';
import { k8sAvailabilityEntries } from './k8sAvailability.js';
import { k8sCalicoEntries } from './k8sCalico.js';
import { k8sCiliumEntries } from './k8sCilium.js';
import { k8sControlEntries } from './k8sControl.js';
import { k8sFlannelEntries } from './k8sFlannel.js';
import { k8sKubeletEntries } from './k8sKubelets.js';
import { k8sNodeEntries } from './k8sNodes.js';
import { k8sPodEntries } from './k8sPods.js';
import { probeEntries } from './k8sProbes.js';
import { k8sProgramEntries } from './k8sPrograms.js';

/** What is wrong with the Kubernetes cluster on top of sound machines. */
export const k8sEntries = {
  ...k8sPodEntries,
  ...k8sNodeEntries,
  ...k8sKubeletEntries,
  ...k8sFlannelEntries,
  ...k8sCiliumEntries,
  ...k8sCalicoEntries,
  ...k8sControlEntries,
  ...k8sAvailabilityEntries,
  ...k8sProgramEntries,
  ...probeEntries,
  K8S_API_UNREACHABLE: {
    title: 'An API server does not answer',
    exit: 1,
    meaning: 'Kubelets on this machine cannot report, and joins from it fail.',
    why: 'The API server is not up (yet), listens on another address, or a firewall is in the way.',
    fix: [
      'k8slab ssh <control plane> -- sudo crictl ps -a',
      'k8slab ssh <control plane> -- sudo journalctl -u kubelet -n 50 --no-pager',
      'The hard way: k8slab ssh <control plane> -- sudo journalctl -u kube-apiserver -n 50 --no-pager',
    ],
    see: ['k8slab ssh <machine> -- curl -k https://<address>:6443/readyz'],
  },
  K8S_ENDPOINT_UNREACHABLE: {
    title: 'The API does not answer through its endpoint',
    exit: 1,
    meaning:
      'The API servers may be up, but clients reach them through the load balancer, and that way is closed.',
    why: 'haproxy or keepalived does not run, or the virtual address is on no machine.',
    fix: [
      'k8slab ssh <load balancer> -- systemctl status haproxy keepalived',
      'As static pods: k8slab ssh <control plane> -- sudo crictl ps -a',
    ],
  },
  K8S_API_ADVERTISES_NAT: {
    title: 'The API server advertises the address of the NAT adapter',
    exit: 1,
    meaning:
      'Every machine has 10.0.2.15: whoever follows the advertised address talks to itself. `kubeadm join` tries 10.0.2.15:6443 and gets "connection refused".',
    why: 'kubeadm takes the address of the default route unless advertiseAddress is set, and the default route goes through NAT.',
    fix: [
      'k8slab ssh <control plane> -- sudo vi /etc/kubernetes/manifests/kube-apiserver.yaml   # --advertise-address=<host-only address>',
      'The hard way: the same in /etc/systemd/system/kube-apiserver.service, then sudo systemctl daemon-reload and restart kube-apiserver',
      'For a cluster of your own: set localAPIEndpoint.advertiseAddress before `kubeadm init`, as k8slab does.',
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
      'k8slab kubectl -- -n kube-system set env daemonset/calico-node -c calico-node IP_AUTODETECTION_METHOD=can-reach=<first control plane>',
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
      'k8slab kubectl -- -n kube-system set env daemonset/calico-node -c calico-node IP_AUTODETECTION_METHOD=can-reach=<first control plane>',
    ],
    source: 'https://docs.tigera.io/calico/latest/networking/ipam/ip-autodetection',
  },
  K8S_CALICO_ADDRESS: {
    title: 'Calico has chosen another address than planned',
    exit: 1,
    meaning: 'Other machines send the packets of its pods to the wrong place.',
    why: 'The autodetection method finds another adapter than the host-only one.',
    fix: [
      'k8slab kubectl -- -n kube-system set env daemonset/calico-node -c calico-node IP_AUTODETECTION_METHOD=can-reach=<first control plane>',
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
