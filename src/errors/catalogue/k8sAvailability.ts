import type { CatalogueEntry } from './entry.js';

/** What is wrong with that which keeps a cluster of several control planes going when one of them is lost. */
export const k8sAvailabilityEntries = {
  K8S_VIP_MISSING: {
    title: 'The virtual address is on no machine',
    exit: 1,
    meaning: 'Clients and kubelets reach the API through this address, and nobody has it.',
    why: 'keepalived (or kube-vip) runs nowhere, cannot put the address on its adapter, or its check of the API fails on every machine.',
    fix: [
      'k8slab ssh <machine> -- sudo journalctl -u keepalived -n 30 --no-pager',
      'As a static pod: k8slab ssh <machine> -- sudo crictl ps -a --name keepalived   # or kube-vip',
    ],
    see: ['k8slab ssh <machine> -- ip -4 -brief address'],
    source: 'https://github.com/kubernetes/kubeadm/blob/main/docs/ha-considerations.md',
  },
  K8S_VIP_SPLIT: {
    title: 'The virtual address is on several machines at once',
    exit: 1,
    meaning:
      'Split brain: which of them a client reaches is a matter of who answered its last ARP request, and changes. Connections break for no visible reason.',
    why: 'The machines do not hear each other, so each believes that it is alone: a firewall drops VRRP (IP protocol 112), router id or password differ, or somebody gave the address to an adapter by hand.',
    fix: [
      'k8slab ssh <machine> -- sudo iptables -S INPUT   # is protocol 112 (vrrp) dropped?',
      'k8slab ssh <machine> -- sudo systemctl restart keepalived',
      'As a static pod: k8slab ssh <machine> -- "sudo crictl ps --quiet --name keepalived | xargs -r sudo crictl stop"   # it is started again',
    ],
    see: ['k8slab ssh <machine> -- ip -4 -brief address'],
    source: 'https://www.rfc-editor.org/rfc/rfc5798',
  },
  K8S_BALANCER_STOPPED: {
    title: 'A program that keeps the API reachable does not run',
    exit: 1,
    meaning:
      'The lab still works as long as the others do their part. The next machine that is lost may take the API with it.',
    why: 'It was stopped, its configuration has a mistake, or its port is taken: haproxy and an API server cannot share one.',
    fix: [
      'k8slab ssh <machine> -- sudo systemctl enable --now haproxy keepalived',
      'As static pods: k8slab ssh <machine> -- sudo crictl ps -a',
    ],
    see: ['k8slab ssh <machine> -- sudo journalctl -u haproxy -u keepalived -n 30 --no-pager'],
  },
  K8S_BALANCER_SERVER: {
    title: 'haproxy sends nothing to an API server that is well',
    exit: 1,
    meaning: 'The others carry its part of the load; when they are lost, the API is, too.',
    why: 'haproxy.cfg names another address or port than that of the API server, or its health check asks for something else.',
    fix: [
      'k8slab provision <machine>',
      'k8slab ssh <machine> -- sudo grep -n server /etc/haproxy/haproxy.cfg',
    ],
    source: 'https://github.com/kubernetes/kubeadm/blob/main/docs/ha-considerations.md',
  },
  K8S_ETCD_DOWN: {
    title: 'A member of etcd does not take part',
    exit: 1,
    meaning:
      'Of three members one may be lost; the next one takes the cluster’s memory with it. The API server beside it stops answering: it asks this member.',
    why: 'Its pod or unit does not run, its disk is full, its certificates do not fit, or the others do not reach it on port 2380.',
    fix: [
      'k8slab ssh <control plane> -- sudo crictl ps -a --name etcd',
      'k8slab ssh <control plane> -- sudo journalctl -u kubelet -n 50 --no-pager',
      'The hard way: k8slab ssh <control plane> -- sudo journalctl -u etcd -n 50 --no-pager',
    ],
    source: 'https://etcd.io/docs/v3.6/faq/',
  },
  K8S_ETCD_LEADER: {
    title: 'etcd has not one leader',
    exit: 1,
    meaning: 'Without a leader nothing is stored: the API answers with errors, or not at all.',
    why: 'More than half of the members must reach each other. Of three, two are lost or cut off.',
    fix: ['Bring back the control planes that are down: k8slab up'],
    source: 'https://etcd.io/docs/v3.6/faq/',
  },
  K8S_ETCD_MEMBERS: {
    title: 'The members of etcd are not the control planes',
    exit: 1,
    meaning:
      'A member too few: losing one more control plane loses the cluster. One too many that is gone: it counts when a majority is asked for, and never answers.',
    why: 'A control plane was removed without taking its member out of the list (`kubeadm reset` does), made anew, or has not joined to the end.',
    fix: [
      'k8slab kubectl -- -n kube-system exec etcd-<control plane> -- etcdctl member list',
      'The hard way: k8slab ssh <control plane> -- sudo etcdctl --endpoints https://127.0.0.1:2379 … member list',
    ],
    source: 'https://etcd.io/docs/v3.6/op-guide/runtime-configuration/',
  },
} satisfies Record<string, CatalogueEntry>;
