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
  K8S_POD_IMAGE_LIMITED: {
    title: 'A registry limits the number of downloads',
    exit: 1,
    meaning:
      'The image is there, but the registry gives no more of them for now: HTTP 429, "toomanyrequests".',
    why: 'Docker Hub counts downloads by address: a classroom shares one.',
    fix: [
      'k8slab bundle create --out <folder>   # download once, for everybody',
      'k8slab create <lab> --bundle <folder>',
    ],
    source: 'https://docs.docker.com/docker-hub/usage/',
  },
  K8S_POD_IMAGE_NO_WAY: {
    title: 'The way to a registry is closed',
    exit: 1,
    meaning:
      'The image could not be asked for: the registry’s name does not resolve, or nothing leads there.',
    why: 'No default route or name server, a proxy that is not set, a network without internet.',
    fix: [
      'k8slab ssh <machine> -- curl -I https://registry.k8s.io/',
      'k8slab create <lab> --bundle <folder>   # needs no internet',
    ],
  },
  K8S_DNS_LOOP: {
    title: 'CoreDNS asks itself',
    exit: 1,
    meaning:
      'Its plugin `loop` sees its own question come back, and ends it before it drowns the machine: CrashLoopBackOff.',
    why: '/etc/resolv.conf of the node names 127.0.0.53 (systemd-resolved), or the Corefile hands questions on to CoreDNS itself.',
    fix: ['k8slab kubectl -- -n kube-system edit configmap coredns   # forward . /etc/resolv.conf'],
    see: ['k8slab kubectl -- -n kube-system logs -l k8s-app=kube-dns'],
    source: 'https://coredns.io/plugins/loop/#troubleshooting',
  },
  K8S_DNS_COREFILE: {
    title: 'CoreDNS cannot read its configuration',
    exit: 1,
    meaning: 'It ends at once, again and again; names of Services do not resolve.',
    why: 'The ConfigMap coredns was edited, and has a mistake.',
    fix: ['k8slab kubectl -- -n kube-system edit configmap coredns'],
    see: ['k8slab kubectl -- -n kube-system logs -l k8s-app=kube-dns'],
  },
  K8S_DNS_IMAGE: {
    title: 'CoreDNS cannot get its image',
    exit: 1,
    meaning: 'Its pods do not start; names of Services do not resolve, or only as long as older pods live.',
    why: 'The Deployment was changed to an image that does not exist, or the registry is not reached.',
    fix: ['k8slab kubectl -- -n kube-system rollout undo deployment coredns'],
    see: ['k8slab kubectl -- -n kube-system describe pods -l k8s-app=kube-dns'],
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
  K8S_POD_STATUS_OLD: {
    title: 'The API tells of pods what was true before',
    exit: 1,
    meaning:
      'Pods count as Running and ready in containers that are gone. Services lead to them, and nobody answers there.',
    why: 'The machine has booted a moment ago, and its kubelet has not looked at every pod yet: that takes seconds. When it lasts, the kubelet does not reach the API or the runtime.',
    fix: [
      'k8slab verify --wait 2m',
      'k8slab ssh <machine> -- sudo journalctl -u kubelet -n 30 --no-pager',
      'k8slab ssh <machine> -- sudo crictl ps',
    ],
    source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/',
  },
  K8S_POD_MISSING: {
    title: 'A system pod is not there',
    exit: 1,
    meaning: 'Part of the control plane, or kube-proxy, does not run on a machine where it must.',
    why: 'A manifest was moved out of /etc/kubernetes/manifests, or kubeadm was stopped half way.',
    fix: ['k8slab kubectl -- -n kube-system get pods -o wide', 'k8slab provision <machine>'],
  },
  K8S_DNS_NO_CNI_PLANNED: {
    title: 'CoreDNS is Pending because the lab leaves the CNI out',
    exit: 0,
    meaning: 'Names of Services do not resolve. With `cni: none` that is as planned, until you add a CNI.',
    why: 'Its pods need a network of their own, and do not tolerate the taint of nodes that have none.',
    fix: ['k8slab kubectl -- apply -f <manifest of a CNI>'],
    see: ['k8slab kubectl -- -n kube-system describe pods -l k8s-app=kube-dns'],
    source:
      'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/troubleshooting-kubeadm/#coredns-is-stuck-in-the-pending-state',
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
  K8S_DNS_SCALED_TO_ZERO: {
    title: 'CoreDNS is scaled to zero',
    exit: 1,
    meaning: 'No pod answers at the address of the Service kube-dns, and names of Services do not resolve.',
    why: 'Its Deployment asks for no replicas: somebody, or an autoscaler, has set their number to 0.',
    fix: ['k8slab kubectl -- -n kube-system scale deployment coredns --replicas 2'],
    see: ['k8slab kubectl -- -n kube-system get deployment coredns'],
    source: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  },
  K8S_DNS_MISSING: {
    title: 'There is no CoreDNS',
    exit: 1,
    meaning: 'Names of Services do not resolve.',
    why: 'The cluster was not set up to the end (`kubeadm init` adds it last), or the Deployment was deleted.',
    fix: [
      'k8slab ssh <control plane> -- sudo kubeadm init phase addon coredns',
      'The hard way: k8slab provision <first control plane>',
    ],
  },
} satisfies Record<string, CatalogueEntry>;
