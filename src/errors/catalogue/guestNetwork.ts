import type { CatalogueEntry } from './entry.js';

/** What is wrong with the addresses, routes and bridges of a machine. */
export const guestNetworkEntries = {
  GUEST_ADDRESS_MISSING: {
    title: 'The planned host-only address is not there',
    exit: 1,
    meaning: 'Other machines cannot reach this one, and its node cannot register its planned address.',
    why: 'The second adapter was not configured at boot, or another tool has given it another address.',
    fix: ['k8slab halt <machine>', 'k8slab up <machine>'],
    see: ['k8slab ssh <machine> -- ip -brief address'],
  },
  GUEST_INTERFACE_DOWN: {
    title: 'The host-only interface is down',
    exit: 1,
    meaning: 'The address is configured, but no packet goes in or out.',
    why: 'Somebody set it down, or the network service failed.',
    fix: ['k8slab ssh <machine> -- sudo ip link set <interface> up'],
    see: ['k8slab ssh <machine> -- ip -brief link'],
  },
  GUEST_ROUTE_MISSING: {
    title: "A route to another machine's pods is missing",
    exit: 1,
    meaning:
      'Pods of this machine do not reach those of the other one: packets leave through the NAT adapter and get lost.',
    why: 'The bridge CNI connects pods of one machine only; routes between machines are set by the plan, and were removed or not set at boot.',
    fix: ['k8slab provision <machine>'],
    see: ['k8slab ssh <machine> -- ip route'],
  },
  GUEST_ROUTE_OVERLAPS: {
    title: 'A route overlaps the one to another machine’s pods',
    exit: 1,
    meaning:
      'Packets for some or all pods of that machine go somewhere else, although the planned route is there.',
    why: 'Of several routes that fit, the kernel takes the one for the narrowest range: a VPN, another network program or a slip of the hand has set one.',
    fix: ['k8slab ssh <machine> -- sudo ip route del <range of the other route>'],
    see: ['k8slab ssh <machine> -- ip route get <address of a pod there>'],
  },
  GUEST_ROUTE_WRONG: {
    title: "A route to another machine's pods leads elsewhere",
    exit: 1,
    meaning: 'Packets to the pods of the other machine are sent to the wrong place.',
    why: 'The route was changed by hand, or is left over from another lab or CNI.',
    fix: ['k8slab provision <machine>'],
    see: ['k8slab ssh <machine> -- ip route'],
  },
  GUEST_BRIDGE_MISSING: {
    title: 'The bridge of the CNI is not there',
    exit: 1,
    meaning: 'No container of this machine has a network.',
    why: 'The bridge plugin makes it when the first container starts: none has, or starting it failed.',
    fix: ['k8slab ssh <machine> -- systemctl status hello containerd', 'k8slab provision <machine>'],
    see: ['k8slab ssh <machine> -- ls /etc/cni/net.d'],
  },
  GUEST_BRIDGE_ADDRESS: {
    title: 'The bridge has another address than planned',
    exit: 1,
    meaning: "Pods of this machine are in a range to which the other machines' routes do not lead.",
    why: 'The CNI configuration was changed, or the bridge is left over from an earlier one: the plugin does not readdress it.',
    fix: ['k8slab ssh <machine> -- sudo ip link delete cni0', 'k8slab provision <machine>'],
    source: 'https://www.cni.dev/plugins/current/main/bridge/',
  },
  GUEST_BRIDGE_MTU: {
    title: 'The MTU of the bridge is larger than that of the link',
    exit: 1,
    meaning: 'Small packets pass between machines, large ones hang: ping works, downloads stop.',
    why: 'A packet of a pod must fit into one of the link between the machines.',
    fix: ['Set networking.mtu in lab.yaml to the MTU of the link, then: k8slab render', 'k8slab provision'],
    see: ['k8slab ssh <machine> -- ip link'],
  },
  GUEST_BRIDGE_MTU_DIFFERS: {
    title: 'The MTU of the bridge is not the planned one',
    exit: 1,
    meaning: 'Traffic passes, but in other sizes than planned.',
    why: 'The bridge keeps its MTU when the CNI configuration changes, until it is made anew.',
    fix: ['k8slab ssh <machine> -- sudo ip link delete cni0', 'k8slab provision <machine>'],
  },
  GUEST_PING_LOST: {
    title: 'Pods of one machine do not reach those of another',
    exit: 1,
    meaning: '100 % packet loss across machines, while pods on one machine reach each other.',
    why: 'A route is missing on either side, a machine does not forward, or a firewall is in the way.',
    fix: ['k8slab ssh <machine> -- ip route', 'k8slab ssh <machine> -- sysctl net.ipv4.ip_forward'],
  },
  GUEST_PING_LARGE_LOST: {
    title: 'Small packets pass between machines, large ones do not',
    exit: 1,
    meaning: 'Connections open and then hang as soon as much data is sent.',
    why: 'The MTU of the pod network is larger than something on the way can carry.',
    fix: ['Set a smaller networking.mtu in lab.yaml, then: k8slab render', 'k8slab provision'],
  },
} satisfies Record<string, CatalogueEntry>;
