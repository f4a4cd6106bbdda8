import type { CatalogueEntry } from './entry.js';

const pressure = 'https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/';

const setNodeIp = [
  'k8slab ssh <machine> -- sudo vi /var/lib/kubelet/kubeadm-flags.env   # KUBELET_KUBEADM_ARGS="--node-ip=<host-only address>"',
  'k8slab ssh <machine> -- sudo systemctl restart kubelet',
  'The hard way: k8slab provision <machine>   # writes kubelet.service again, with --node-ip',
];

/** What keeps nodes from being where, or doing what, they are planned for. */
export const k8sNodeEntries = {
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
  K8S_POD_RANGE_MISSING: {
    title: 'A node has no pod range',
    exit: 1,
    meaning:
      'The bridge and the routes of this lab give the machine a range, but the cluster does not know it: spec.podCIDR of the node is not set.',
    why: 'The controller manager hands out no ranges in this lab, and the step that tells the cluster the planned one did not run; or the node was deleted and its kubelet registered it anew.',
    fix: ['k8slab provision <machine>'],
    see: ['k8slab kubectl -- get nodes -o custom-columns=NODE:.metadata.name,PODS:.spec.podCIDR'],
  },
  K8S_POD_RANGE_OTHER: {
    title: 'A node has another pod range than planned',
    exit: 1,
    meaning:
      'Routes lead packets for the planned range to the machine; the cluster believes that its pods have other addresses.',
    why: 'The controller manager was allowed to hand out ranges and did so in the order of joining, or someone set the range by hand. A node keeps its range as long as it exists.',
    fix: ['k8slab kubectl -- delete node <machine>', 'k8slab provision <machine>'],
    see: ['k8slab kubectl -- get nodes -o custom-columns=NODE:.metadata.name,PODS:.spec.podCIDR'],
  },
  K8S_POD_RANGE_SHARED: {
    title: 'Two nodes have the same pod range',
    exit: 1,
    meaning:
      'The cluster believes that pods of two machines have addresses of one range; two pods may get the same one.',
    why: 'Ranges were set by hand, or a machine was copied with its files. The API does not refuse it.',
    fix: ['k8slab kubectl -- delete node <machine>', 'k8slab provision <machine>'],
    see: ['k8slab kubectl -- get nodes -o custom-columns=NODE:.metadata.name,PODS:.spec.podCIDR'],
  },
  K8S_NODE_NO_CNI_PLANNED: {
    title: 'Nodes are NotReady because the lab leaves the CNI out',
    exit: 0,
    meaning:
      'That is what a lab with `cni: none` is for. Only pods that share their machine’s network run: the control plane and kube-proxy. All others, CoreDNS first, stay Pending until a CNI is there.',
    why: 'The runtime finds no configuration in /etc/cni/net.d and tells the kubelet "cni plugin not initialized"; the kubelet reports NotReady, and the node gets the taint node.kubernetes.io/not-ready.',
    fix: [
      'k8slab kubectl -- apply -f <manifest of a CNI>',
      'k8slab render && k8slab provision   # after cni: flannel in lab.yaml',
    ],
    see: ['k8slab ssh <machine> -- ls /etc/cni/net.d', 'k8slab kubectl -- describe nodes'],
    source:
      'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/create-cluster-kubeadm/#pod-network',
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
    why: '--node-ip is not set, and the hostname does not resolve to the host-only address: then the kubelet takes the address of the default route.',
    fix: setNodeIp,
    see: ['k8slab kubectl -- get nodes -o wide'],
    source: 'https://kubernetes.io/docs/reference/command-line-tools-reference/kubelet/',
  },
  K8S_NODE_ADDRESS: {
    title: 'A node has registered another address than planned',
    exit: 1,
    meaning: 'Other parts of the cluster look for the node at the wrong place.',
    why: '--node-ip was changed, or the machine had another address when it joined.',
    fix: setNodeIp,
    see: ['k8slab kubectl -- get nodes -o wide'],
  },
  K8S_NODE_IP_UNSET: {
    title: 'A kubelet was not told which address to register',
    exit: 1,
    meaning:
      'The node has the right address by chance: it becomes 10.0.2.15 as soon as its hostname resolves to 127.0.1.1, as boxes have it, or to nothing.',
    why: '--node-ip is missing from the kubelet’s arguments. Without it the kubelet registers what the hostname resolves to; if that is a loopback address or nothing, the address of the default route.',
    fix: setNodeIp,
    see: ['k8slab ssh <machine> -- cat /var/lib/kubelet/kubeadm-flags.env'],
    source: 'https://kubernetes.io/docs/reference/command-line-tools-reference/kubelet/',
  },
  K8S_NODE_CORDONED: {
    title: 'A node is cordoned',
    exit: 1,
    meaning:
      'Pods that run there go on; new ones, and those that replace them, go elsewhere or stay Pending.',
    why: 'Somebody ran `kubectl cordon` or `kubectl drain` for maintenance, and not `kubectl uncordon` since.',
    fix: ['k8slab kubectl -- uncordon <node>'],
    see: ['k8slab kubectl -- get nodes'],
    source: 'https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/',
  },
  K8S_NODE_DISK_PRESSURE: {
    title: 'A node is short of disk space',
    exit: 1,
    meaning: 'It takes no new pods, deletes images that no container uses, and moves pods away.',
    why: 'Less is free than the kubelet’s evictionHard asks for: by default 10 % of the disk, and 15 % of the one with the images.',
    fix: [
      'k8slab ssh <machine> -- df -h / /var/lib/containerd   # or /var/lib/containers',
      'k8slab ssh <machine> -- sudo crictl rmi --prune   # without crictl: sudo ctr --namespace k8s.io images prune --all',
      'Give it a larger disk (lxc: make room on the host’s)',
    ],
    see: ['k8slab kubectl -- describe node <node>'],
    source: pressure,
  },
  K8S_NODE_MEMORY_PRESSURE: {
    title: 'A node is short of memory',
    exit: 1,
    meaning:
      'It takes no new pods without a memory request, and ends pods that use more than they asked for.',
    why: 'Less than 100 MiB are free there, the kubelet’s default for evictionHard.',
    fix: [
      'k8slab kubectl -- get pods -A -o wide --field-selector spec.nodeName=<node>',
      'Give the machine more memory in lab.yaml, then: k8slab render, k8slab halt, k8slab up',
    ],
    see: ['k8slab kubectl -- describe node <node>', 'k8slab ssh <machine> -- free -m'],
    source: pressure,
  },
  K8S_NODE_PID_PRESSURE: {
    title: 'A node is short of process numbers',
    exit: 1,
    meaning: 'It takes no new pods: too many processes run there.',
    why: 'A container starts processes without end, or the machine’s limit is low.',
    fix: ['k8slab kubectl -- get pods -A -o wide --field-selector spec.nodeName=<node>'],
    see: ['k8slab kubectl -- describe node <node>'],
    source: pressure,
  },
} satisfies Record<string, CatalogueEntry>;
