import type { CatalogueEntry } from './entry.js';

/** What is wrong with the pods that make a cluster work. */
export const k8sPodEntries = {
  K8S_POD_CRASHING: {
    title: 'A system pod crashes',
    exit: 1,
    meaning: 'A container ends again and again; the kubelet waits longer before each new start.',
    why: 'Its own log says: look at the run before the last restart.',
    fix: ['k8slab kubectl -- -n <namespace> logs <pod> --previous'],
    source: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/',
  },
  K8S_POD_IMAGE: {
    title: 'A system pod cannot get its image',
    exit: 1,
    meaning: 'The container does not start before its image is on the machine.',
    why: 'No way to the registry, a wrong name, or the registry limits the number of downloads (HTTP 429).',
    fix: [
      'k8slab kubectl -- -n <namespace> describe pod <pod>',
      'k8slab ssh <machine> -- curl -I https://registry.k8s.io/',
    ],
  },
  K8S_POD_PENDING: {
    title: 'A system pod is Pending',
    exit: 1,
    meaning: 'It has no node yet, or its containers have not been made yet.',
    why: 'No node tolerates it ("untolerated taint"), none has room, or its network is not ready.',
    fix: ['k8slab kubectl -- -n <namespace> describe pod <pod>'],
    source: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/',
  },
  K8S_POD_NOT_READY: {
    title: 'A system pod runs but is not ready',
    exit: 1,
    meaning: 'Its readiness probe fails: it says itself that it does not work yet.',
    why: 'It was started a moment ago, or what it depends on is missing; calico-node 0/1 means that its peers are not reached.',
    fix: ['k8slab kubectl -- -n <namespace> describe pod <pod>', 'k8slab verify --wait 3m'],
  },
  K8S_POD_MISSING: {
    title: 'A system pod is not there',
    exit: 1,
    meaning: 'Part of the control plane, or kube-proxy, does not run on a machine where it must.',
    why: 'A manifest was moved out of /etc/kubernetes/manifests, or kubeadm was stopped half way.',
    fix: ['k8slab kubectl -- -n kube-system get pods -o wide', 'k8slab provision <machine>'],
  },
  K8S_DNS_WAITS_FOR_CNI: {
    title: 'CoreDNS waits for a CNI',
    exit: 1,
    meaning:
      'Names of Services do not resolve yet. Before a CNI is applied this is expected, and no fault of CoreDNS.',
    why: 'Until a node has a CNI it is tainted node.kubernetes.io/not-ready, and pods with a network of their own are not placed there.',
    fix: ['k8slab kubectl -- get pods -A -o wide', 'k8slab verify --wait 5m'],
    source:
      'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/troubleshooting-kubeadm/#coredns-is-stuck-in-the-pending-state',
  },
  K8S_DNS_UNAVAILABLE: {
    title: 'CoreDNS is not available',
    exit: 1,
    meaning: 'Names of Services do not resolve, or only now and then.',
    why: 'Its pods do not run, or do not reach the API or the upstream name server (a loop in resolv.conf makes them crash).',
    fix: ['k8slab kubectl -- -n kube-system describe pods -l k8s-app=kube-dns'],
    source: 'https://coredns.io/plugins/loop/#troubleshooting',
  },
  K8S_DNS_MISSING: {
    title: 'There is no CoreDNS',
    exit: 1,
    meaning: 'Names of Services do not resolve.',
    why: '`kubeadm init` was stopped before its addons phase, or the Deployment was deleted.',
    fix: ['k8slab ssh <control plane> -- sudo kubeadm init phase addon coredns'],
  },
} satisfies Record<string, CatalogueEntry>;
