import type { CatalogueEntry } from '../entry.js';

const kubeadm =
  'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/create-cluster-kubeadm/';

/** Ranges and addresses of a lab file. */
export const labNetworkEntries = {
  LAB_CIDR: {
    title: 'A range is not of the form a.b.c.d/n',
    exit: 2,
    meaning: 'Ranges are an IPv4 address, a slash and the number of fixed bits.',
    why: 'Usually the slash and what follows are missing.',
    fix: ['podSubnet: 10.244.0.0/16'],
  },
  LAB_IPV6: {
    title: 'An IPv6 range is given',
    exit: 2,
    meaning: 'Labs are IPv4 only for now.',
    why: 'Host-only networks, Calico’s pool and kubeadm’s dual stack would each need a second set of ranges.',
    fix: ['podSubnet: 10.244.0.0/16'],
  },
  LAB_HOST_BITS: {
    title: 'A range has host bits set',
    exit: 2,
    meaning: 'The address is not the first one of its range: 172.178.33.0/16 really is 172.178.0.0/16.',
    why: 'Some programs cut the address off silently, others refuse it; either way not what was meant is used.',
    fix: ['Write the range’s first address, or another number behind the slash.'],
  },
  LAB_PUBLIC_RANGE: {
    title: 'A range belongs to the internet',
    exit: 2,
    meaning:
      'The addresses are not private: inside the lab, the real hosts that have them cannot be reached.',
    why: 'Private are 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16 only. 192.178 and 172.178 look similar, but are not.',
    fix: ['podSubnet: 10.244.0.0/16', 'hostOnlySubnet: auto'],
    source: 'https://www.rfc-editor.org/rfc/rfc1918',
  },
  LAB_RANGES_OVERLAP: {
    title: 'Two ranges share addresses',
    exit: 2,
    meaning:
      'Host-only, pod and service ranges and the NAT adapters’ 10.0.2.0/24 must be apart from each other.',
    why: 'For a shared address a machine has two routes, and takes the wrong one for one of the two networks.',
    fix: ['podSubnet: 10.244.0.0/16', 'serviceSubnet: 10.96.0.0/12', 'hostOnlySubnet: auto'],
    source: kubeadm,
  },
  LAB_HOST_ONLY_SIZE: {
    title: 'The host-only range is not a /24',
    exit: 2,
    meaning:
      'The machines’ own network has 256 addresses: the host .1, machines .10 to .99, a DHCP server above.',
    why: 'Every lab has its own /24, so that labs can run side by side.',
    fix: ['hostOnlySubnet: auto', 'hostOnlySubnet: 192.168.57.0/24'],
  },
  LAB_ADDRESS: {
    title: 'A machine’s address is not an address',
    exit: 2,
    meaning: 'Addresses are whole (192.168.57.30) or the last number with a dot before it (.30).',
    why: 'Usually a typing error; numbers have no leading zeros.',
    fix: ['address: .30'],
  },
  LAB_ADDRESS_RANGE: {
    title: 'A machine’s address is not one a machine may have',
    exit: 2,
    meaning: 'Machines have .10 to .99 of the host-only range.',
    why: 'The host is .1; VirtualBox’s DHCP server is .100 and hands out .101 to .254.',
    fix: ['Use an address from .10 to .99, or none.'],
  },
  LAB_ADDRESS_TAKEN: {
    title: 'Two machines have the same address',
    exit: 2,
    meaning: 'Each machine needs an address of its own.',
    why: 'Usually left over from copying a machine.',
    fix: ['Change one, or delete it: then one is planned.'],
  },
  LAB_ADDRESS_AUTO: {
    title: 'A whole address is given, but the range is auto',
    exit: 2,
    meaning:
      'With `hostOnlySubnet: auto` the range is chosen when the lab is created, so only the last number can be fixed.',
    why: 'The first free /24 of the host is taken, which differs from host to host.',
    fix: ['address: .30', 'hostOnlySubnet: 192.168.56.0/24'],
  },
  LAB_POD_RANGE_NARROW: {
    title: 'The pod range is narrower than one node’s part',
    exit: 2,
    meaning: 'Each node gets a range of nodeCidrMaskSize bits from podSubnet; podSubnet itself is smaller.',
    why: 'kube-controller-manager exits at once with such values, again and again.',
    fix: ['podSubnet: 10.244.0.0/16', 'nodeCidrMaskSize: 26'],
  },
  LAB_POD_RANGE_SMALL: {
    title: 'The pod range is too small for the machines',
    exit: 2,
    meaning: 'podSubnet holds fewer ranges of nodeCidrMaskSize bits than the lab has nodes.',
    why: 'Ranges are handed out in the order in which nodes join; who comes last gets none, and its pods stay without addresses.',
    fix: ['podSubnet: 10.244.0.0/16'],
  },
  LAB_NODE_MASK_FITTED: {
    title: 'Each node gets a smaller range than usual',
    exit: 0,
    meaning:
      'podSubnet is too narrow for a /24 for every node, which is what a node usually gets. A /25 for each fits, and is taken.',
    why: 'Without that, the nodes that join last would have no range; with a podSubnet narrower than a /24, kube-controller-manager would exit at once, again and again.',
    fix: ['podSubnet: 10.244.0.0/16', 'nodeCidrMaskSize: 25'],
    source: 'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/',
  },
  LAB_NODE_MASK: {
    title: 'The node mask is more than 16 bits longer than the pod range’s',
    exit: 2,
    meaning:
      'kube-controller-manager refuses a nodeCidrMaskSize more than 16 larger than podSubnet’s prefix.',
    why: 'It keeps one bit for each possible node range in memory.',
    fix: ['nodeCidrMaskSize: 24', 'podSubnet: 10.244.0.0/16'],
    source: 'https://github.com/kubernetes/kubernetes/blob/master/cmd/kubeadm/app/constants/constants.go',
  },
  LAB_FEW_POD_ADDRESSES: {
    title: 'A node has fewer pod addresses than it accepts pods',
    exit: 0,
    meaning: 'A kubelet accepts 110 pods; with fewer addresses, pods beyond them stay in ContainerCreating.',
    why: 'A /26 has 62 addresses, a /27 has 30.',
    fix: ['nodeCidrMaskSize: 24'],
  },
  LAB_SERVICE_RANGE: {
    title: 'The service range is too large or too small',
    exit: 2,
    meaning: 'serviceSubnet is a /12 to a /28.',
    why: 'kube-apiserver allows 20 host bits; kubeadm wants ten addresses, the tenth being the cluster’s DNS server.',
    fix: ['serviceSubnet: 10.96.0.0/12'],
    source: 'https://github.com/kubernetes/kubernetes/blob/master/cmd/kubeadm/app/constants/constants.go',
  },
  LAB_MTU: {
    title: 'The MTU is out of bounds',
    exit: 2,
    meaning: 'mtu is 576 to 9000 bytes, or auto.',
    why: 'Every IPv4 host must take packets of 576 bytes; 9000 is the usual jumbo frame.',
    fix: ['mtu: auto'],
  },
  LAB_MTU_LARGE: {
    title: 'The MTU is larger than that of the machines’ adapters',
    exit: 0,
    meaning: 'Small packets pass and large ones hang: ping works, downloads do not.',
    why: 'The host-only adapters carry 1500 bytes, less what an overlay adds.',
    fix: ['mtu: auto', 'mtu: 1450'],
  },
  LAB_DNS_DOMAIN: {
    title: 'The cluster’s domain is not a DNS name',
    exit: 2,
    meaning:
      'dnsDomain is words of lower-case letters, digits and hyphens with dots between them, at most 253 characters.',
    why: 'Every Service has a name below it.',
    fix: ['dnsDomain: cluster.local'],
  },
  LAB_CALICO_DEFAULT_POOL: {
    title: 'The pod range lies in Calico’s default pool',
    exit: 0,
    meaning:
      'It works as long as nothing else of 192.168.0.0/16 is needed; home networks and VirtualBox use it, too.',
    why: 'Calico’s manifest has 192.168.0.0/16 as its pool, so it is often copied.',
    fix: ['podSubnet: 10.244.0.0/16'],
    source: 'https://github.com/projectcalico/calico/issues/3765',
  },
} satisfies Record<string, CatalogueEntry>;
