import type { CatalogueEntry } from './entry.js';

/** What is wrong with the condition of a machine: who it is, its room, clock, ways out, and what keeps packets from it. */
export const guestConditionEntries = {
  GUEST_MACHINE_ID_SHARED: {
    title: 'Two machines have the same machine-id',
    exit: 1,
    meaning:
      'systemd, DHCP servers and monitoring take them for one machine; journals and addresses are mixed up.',
    why: 'A box or an image was made without emptying /etc/machine-id, or a machine was copied.',
    fix: [
      "k8slab ssh <machine> -- 'sudo rm -f /etc/machine-id /var/lib/dbus/machine-id && sudo systemd-machine-id-setup'",
    ],
    see: ['k8slab ssh <machine> -- cat /etc/machine-id'],
    source: 'https://www.freedesktop.org/software/systemd/man/latest/machine-id.html',
  },
  GUEST_PRODUCT_UUID_SHARED: {
    title: 'Two machines have the same product_uuid',
    exit: 1,
    meaning: 'kubeadm demands that it differs: some networks and controllers know nodes by it.',
    why: 'The virtual machine was copied with its hardware’s identity.',
    fix: ['k8slab destroy <machine> --yes', 'k8slab up <machine>'],
    see: ['k8slab ssh <machine> -- sudo cat /sys/class/dmi/id/product_uuid'],
    source:
      'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/#verify-mac-address',
  },
  GUEST_MAC_SHARED: {
    title: 'Two host-only adapters have the same MAC address',
    exit: 1,
    meaning: 'Packets for one of them reach the other, now and then.',
    why: 'The adapter was changed by hand, or the machine was copied. Adapter 1 may have the box’s MAC everywhere, adapter 2 may not.',
    fix: ['k8slab halt <machine>', 'k8slab up <machine>'],
    see: ['k8slab ssh <machine> -- ip -brief link'],
  },
  GUEST_DEFAULT_ROUTE_MISSING: {
    title: 'A machine has no default route',
    exit: 1,
    meaning:
      'Packages and images cannot be fetched; programs that look for “the address of this machine” find none.',
    why: 'It was removed by hand, or DHCP on the NAT adapter has not answered.',
    fix: ['k8slab halt <machine>', 'k8slab up <machine>'],
    see: ['k8slab ssh <machine> -- ip route'],
  },
  GUEST_CLOCK_SKEW: {
    title: 'The clock of a machine is wrong',
    exit: 1,
    meaning: 'Certificates are “not yet valid” or expired, tokens end early, etcd complains.',
    why: 'The computer slept while the machine ran, or no time server is reached.',
    fix: [
      "k8slab ssh <machine> -- 'sudo systemctl restart chrony && sudo chronyc waitsync 30 1'   # of the dnf family: chronyd",
    ],
    see: ['k8slab ssh <machine> -- date; date'],
  },
  GUEST_DISK_FULL: {
    title: 'The disk is full',
    exit: 1,
    meaning: 'Images cannot be unpacked, logs and etcd cannot write; the kubelet moves pods away.',
    why: 'Images, logs, or a small disk. Machines of lxc have no disk of their own: it is the host’s.',
    fix: [
      'k8slab ssh <machine> -- sudo apt-get clean   # or dnf clean all',
      'k8slab ssh <machine> -- sudo crictl rmi --prune   # without crictl: sudo ctr --namespace k8s.io images prune --all',
    ],
    see: ['k8slab ssh <machine> -- df -h /'],
  },
  GUEST_MEMORY_SHORT: {
    title: 'Memory is nearly used up',
    exit: 1,
    meaning: 'The kernel begins to end processes; everything becomes slow before that.',
    why: 'More runs there than was planned for, or the machine was made too small.',
    fix: ['k8slab ssh <machine> -- ps -e --sort=-rss -o rss,comm'],
    see: ['k8slab ssh <machine> -- free -m'],
  },
  GUEST_NO_NAME_SERVER: {
    title: 'A machine has no name server',
    exit: 1,
    meaning: 'No name resolves there, and CoreDNS, which hands questions on to it, has nobody to ask.',
    why: '/etc/resolv.conf was emptied, or is a link to a file that is not there.',
    fix: ["k8slab ssh <machine> -- 'echo nameserver 10.0.2.3 | sudo tee -a /etc/resolv.conf'"],
    see: ['k8slab ssh <machine> -- cat /etc/resolv.conf'],
  },
  GUEST_NAMES_UNRESOLVED: {
    title: 'A machine finds no name outside the lab',
    exit: 1,
    meaning:
      'Packages and images are not found there, and CoreDNS, which hands questions on to its machine’s name servers, gets no answer. Others of the lab, or this host, find the same names.',
    why: '/etc/resolv.conf names a server that does not answer, or systemd-resolved, to which it points, does not know of one.',
    fix: [
      "k8slab ssh <machine> -- 'echo nameserver 10.0.2.3 | sudo tee /etc/resolv.conf'",
      'k8slab ssh <machine> -- sudo systemctl restart systemd-resolved   # where it says 127.0.0.53',
    ],
    see: [
      'k8slab ssh <machine> -- cat /etc/resolv.conf',
      'k8slab ssh <machine> -- getent ahostsv4 registry.k8s.io',
    ],
    source: 'https://www.virtualbox.org/manual/ch06.html#network_nat',
  },
  GUEST_PACKAGE_LOCK: {
    title: 'Somebody else installs packages',
    exit: 1,
    meaning: 'Until that ends, `k8slab provision` waits, and then gives up.',
    why: 'Timers of the distribution (apt-daily, unattended-upgrades), or an apt of yours that waits for an answer.',
    fix: ['k8slab ssh <machine> -- ps -e -o pid,etime,args | grep -E "apt|dpkg|dnf"'],
  },
  GUEST_UNIT_FAILED: {
    title: 'A service has failed',
    exit: 1,
    meaning:
      'Something that the machine starts by itself ended with an error. It may or may not matter to the lab.',
    why: 'Its own log says.',
    fix: ['k8slab ssh <machine> -- sudo journalctl -u <unit> -n 20 --no-pager'],
    see: ['k8slab ssh <machine> -- systemctl --failed'],
  },
  GUEST_MOUNT_PRIVATE: {
    title: '/ is not mounted shared',
    exit: 1,
    meaning:
      'Pods that mount for others (Calico, Cilium, storage) fail: "path … is mounted on / but it is not a shared mount".',
    why: 'Somebody made it private, or the machine was not started by systemd.',
    fix: ['k8slab ssh <machine> -- sudo mount --make-rshared /'],
    see: ['k8slab ssh <machine> -- findmnt -o TARGET,PROPAGATION /'],
    source: 'https://kubernetes.io/docs/concepts/storage/volumes/#mount-propagation',
  },
  GUEST_FIREWALL: {
    title: 'A firewall rule keeps packets out',
    exit: 1,
    meaning: 'What the rule names does not reach the machine: joins, kubectl logs, BGP or VXLAN, NodePorts.',
    why: 'A rule was added by hand or by another program; Docker sets the policy of FORWARD to DROP.',
    fix: ['k8slab ssh <machine> -- sudo iptables -D <rule>'],
    see: ['k8slab ssh <machine> -- sudo iptables -S'],
    source: 'https://kubernetes.io/docs/reference/networking/ports-and-protocols/',
  },
  GUEST_FIREWALL_RUNS: {
    title: 'A firewall runs on a machine',
    exit: 1,
    meaning: 'It drops what the cluster needs: the API, the kubelet, the pod network.',
    why: 'The distribution starts firewalld or ufw by itself.',
    fix: ['k8slab provision <machine>   # turns ufw off, and tells firewalld of the lab'],
    source: 'https://kubernetes.io/docs/reference/networking/ports-and-protocols/',
  },
  GUEST_MTU_DIFFERS: {
    title: 'A host-only adapter takes smaller packets than the others',
    exit: 1,
    meaning: 'Small packets pass, large ones vanish: ping works, and downloads hang.',
    why: 'The adapter’s MTU was changed on one machine, and nobody on a link tells a sender that a packet is too large.',
    fix: ['k8slab ssh <machine> -- sudo ip link set <adapter> mtu 1500'],
    see: ['k8slab ssh <machine> -- ip link'],
  },
} satisfies Record<string, CatalogueEntry>;
