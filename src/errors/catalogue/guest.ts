import type { CatalogueEntry } from './entry.js';
import { guestConditionEntries } from './guestCondition.js';
import { guestNetworkEntries } from './guestNetwork.js';
import { guestRuntimeEntries } from './guestRuntime.js';

/** What is wrong on a machine itself, and with what was collected there. */
export const guestEntries = {
  ...guestNetworkEntries,
  ...guestConditionEntries,
  ...guestRuntimeEntries,
  GUEST_SNAPSHOT_INVALID: {
    title: 'The file is not a saved snapshot',
    exit: 2,
    meaning: 'Nothing was judged: the file named with --from cannot be read as a snapshot of k8slab.',
    why: 'It is another file, was cut off while it was copied, was edited, or comes from another version of k8slab. Names, addresses and the like must look like some: advice repeats them in commands.',
    fix: ['k8slab verify --save snapshot.json   # in the lab folder, makes a new one'],
  },
  GUEST_DURATION_INVALID: {
    title: 'The time to wait is not a duration',
    exit: 2,
    meaning: 'Nothing was looked at, because the value of --wait is not understood.',
    why: 'A duration is a number and a unit: 90s, 10m, 1h, or several in a row such as 1h30m.',
    fix: ['k8slab verify --wait 10m'],
  },
  GUEST_UNREACHABLE: {
    title: 'A machine does not answer',
    exit: 1,
    meaning: 'Nothing is known of this machine; every other check leaves it out.',
    why: 'It is halted, still booting, its host-only adapter is not up, or it hangs.',
    fix: ['k8slab status', 'k8slab up'],
    see: ['k8slab ssh <machine> -- uptime'],
  },
  GUEST_BARE: {
    title: 'A machine is bare',
    exit: 1,
    meaning:
      'It runs and can be reached, but nothing of the lab runs on it. What lies above cannot be judged yet.',
    why: '`k8slab reset` took the cluster away, or the machine was booted and not set up yet, so that somebody can do it by hand.',
    fix: [
      'k8slab provision   # sets up all machines, as planned',
      'By hand, with kubeadm: place the lab’s authorities, so that everybody goes on trusting the cluster: tar -c -C .k8slab/secrets/control-plane pki | k8slab ssh cp1 -- sudo tar -x -C /etc/kubernetes',
      'Then, as root on cp1, with the token of .k8slab/secrets/node/bootstrap-token: sed s/@BOOTSTRAP_TOKEN@/TOKEN/ /tmp/k8slab/files/kubeadm-init.yaml >init.yaml && kubeadm init --config init.yaml',
      'And on each worker: sed s/@BOOTSTRAP_TOKEN@/TOKEN/ /tmp/k8slab/files/kubeadm-join-worker.yaml >join.yaml && kubeadm join --config join.yaml',
      'By hand, the hard way: README.md in the lab folder goes through every step.',
    ],
    see: ['provision/<machine>.sh   # each step that k8slab would take'],
    source: 'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/create-cluster-kubeadm/',
  },
  GUEST_COLLECTOR_FAILED: {
    title: 'A machine could not be looked at in full',
    exit: 1,
    meaning: 'The machine answers over ssh, but the commands that look at it did not all run.',
    why: 'sudo asks for a password, the disk is full, the connection broke off, or a login shell prints its own text.',
    fix: ['k8slab ssh <machine> -- sudo true', 'k8slab ssh <machine> -- df -h / /run /tmp'],
  },
  GUEST_HOSTNAME: {
    title: 'The hostname is not the planned one',
    exit: 1,
    meaning:
      'The kubelet registers under the hostname: the node appears under a name that the lab does not know.',
    why: 'The provisioner has not run yet, or cloud-init or DHCP has set another name after it.',
    fix: ['k8slab provision <machine>'],
    see: ['k8slab ssh <machine> -- hostname'],
  },
  GUEST_HOSTNAME_RESOLVES: {
    title: 'The hostname resolves to another address',
    exit: 1,
    meaning:
      'Programs that look up their own name bind or advertise the wrong address; the kubelet may register it as its node address.',
    why: 'Many boxes map the hostname to 127.0.1.1 in /etc/hosts; here it must be the host-only address.',
    fix: ['k8slab provision <machine>   # writes /etc/hosts'],
    see: ['k8slab ssh <machine> -- getent ahostsv4 <machine>'],
    source: 'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/',
  },
  GUEST_SWAP_ON: {
    title: 'Swap is on',
    exit: 1,
    meaning: 'The kubelet does not start while swap is on.',
    why: 'Boxes come with a swap partition or file; it must be switched off now and at every boot.',
    fix: ['k8slab ssh <machine> -- sudo swapoff -a', 'k8slab provision <machine>   # keeps it off'],
    see: ['k8slab ssh <machine> -- cat /proc/swaps'],
    source:
      'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/#swap-configuration',
  },
  GUEST_SWAP_FSTAB: {
    title: 'Swap comes back at the next boot',
    exit: 1,
    meaning: 'All is well now, but after a reboot the kubelet will not start.',
    why: '/etc/fstab still names a swap area.',
    fix: ['k8slab provision <machine>   # takes the line out of /etc/fstab'],
    see: ['k8slab ssh <machine> -- grep swap /etc/fstab'],
  },
  GUEST_SWAP_HOST: {
    title: 'The host has swap on',
    exit: 1,
    meaning: 'Containers of the lxc provider share the kernel of the host, so its swap is theirs, too.',
    why: 'A machine of lxc cannot switch the swap of its host off. The kubelet runs all the same if it is told to (failSwapOn).',
    fix: ['sudo swapoff -a   # on the host, if the kubelets do not start'],
    see: ['cat /proc/swaps   # on the host'],
  },
  GUEST_MODULE_MISSING: {
    title: 'A kernel module is not loaded',
    exit: 1,
    meaning: 'overlay is needed for the file systems of containers, br_netfilter for Services on a bridge.',
    why: 'Nothing loads it at boot, or the kernel was built without it. With lxc the module must be loaded on the host.',
    fix: [
      'k8slab provision <machine>   # loads it at every boot',
      'sudo modprobe <module>   # lxc: on the host',
    ],
    see: ['k8slab ssh <machine> -- lsmod'],
    source: 'https://kubernetes.io/docs/setup/production-environment/container-runtimes/',
  },
  GUEST_IP_FORWARD_OFF: {
    title: 'The machine forwards no packets',
    exit: 1,
    meaning:
      'Pods reach nothing outside their own machine, and nothing reaches them. kubeadm refuses to run.',
    why: 'net.ipv4.ip_forward is 0 by default, and some firewalls set it back.',
    fix: [
      'k8slab ssh <machine> -- sudo sysctl -w net.ipv4.ip_forward=1',
      'k8slab provision <machine>   # sets it at every boot',
    ],
    source: 'https://kubernetes.io/docs/setup/production-environment/container-runtimes/',
  },
  GUEST_BRIDGE_FILTER_OFF: {
    title: 'Bridged packets bypass the packet filter',
    exit: 1,
    meaning: 'A pod that reaches a Service whose pod is on the same machine gets no answer.',
    why: 'net.bridge.bridge-nf-call-iptables is 0, or not there because br_netfilter is not loaded.',
    fix: [
      'k8slab ssh <machine> -- sudo modprobe br_netfilter',
      'k8slab provision <machine>   # sets it at every boot',
    ],
  },
  GUEST_RUNTIME_INACTIVE: {
    title: 'The container runtime does not run',
    exit: 1,
    meaning: 'No container can be started on this machine, and its kubelet reports it as not ready.',
    why: 'It is not installed yet, or its configuration is not valid for its version.',
    fix: [
      'k8slab ssh <machine> -- sudo journalctl -u containerd -n 50 --no-pager   # or -u crio',
      'k8slab provision <machine>',
    ],
  },
  GUEST_RUNTIME_STOPPED: {
    title: 'The container runtime is stopped',
    exit: 1,
    meaning:
      'Containers that run go on, but none is started or restarted, and after a few seconds the node is not ready.',
    why: 'Nothing failed: somebody, or a program such as a package manager, stopped it, or it is not enabled at boot.',
    fix: ['k8slab ssh <machine> -- sudo systemctl enable --now containerd   # or crio'],
    see: ['k8slab ssh <machine> -- systemctl status containerd   # or crio'],
  },
  GUEST_RUNTIME_SOCKET: {
    title: 'The socket of the container runtime is not there',
    exit: 1,
    meaning: 'The runtime runs, but the kubelet cannot talk to it.',
    why: 'It listens somewhere else than at its usual place, or has just been started.',
    fix: ['k8slab ssh <machine> -- sudo systemctl restart containerd   # or crio'],
  },
  GUEST_KUBELET_STOPPED: {
    title: 'The kubelet is stopped',
    exit: 1,
    meaning:
      'Its containers go on, but nothing is started, stopped or reported there: after 40 to 50 s the node is not ready, and after five minutes its pods are replaced elsewhere.',
    why: 'Nothing failed: somebody, or a program such as `kubeadm reset`, stopped it, or it is not enabled at boot.',
    fix: ['k8slab ssh <machine> -- sudo systemctl enable --now kubelet'],
    see: ['k8slab ssh <machine> -- systemctl status kubelet'],
    source: 'https://kubernetes.io/docs/reference/node/node-status/#condition',
  },
  GUEST_KUBELET_INACTIVE: {
    title: 'The kubelet does not run',
    exit: 1,
    meaning: 'The node does not report, and no pod is started on it.',
    why: 'The machine has not joined yet, swap is on, the container runtime does not run, or the configuration is wrong.',
    fix: [
      'k8slab ssh <machine> -- sudo journalctl -u kubelet -n 50 --no-pager',
      'k8slab provision <machine>',
    ],
  },
} satisfies Record<string, CatalogueEntry>;
