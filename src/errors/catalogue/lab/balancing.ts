import type { CatalogueEntry } from '../entry.js';

/** How a lab file gives several control planes one address. */
export const labBalancingEntries = {
  LAB_VIRTUAL_ADDRESS: {
    title: 'The virtual address cannot be that one',
    exit: 2,
    meaning:
      'The address that moves from machine to machine is .2 to .99 of the host-only range, and no machine has it for itself.',
    why: 'The host is .1, VirtualBox’s DHCP server .100, and it gives .101 to .254 away: two would answer, now one, now the other. A machine’s own address cannot move.',
    fix: ['virtualAddress: .9', 'virtualAddress: auto'],
    source: 'https://www.virtualbox.org/manual/ch06.html#network_hostonly',
  },
  LAB_PORT: {
    title: 'The port is in use',
    exit: 2,
    meaning:
      'Clients reach the API, and API servers listen, on ports that nothing else has on control planes.',
    why: 'etcd, the kubelet, the other parts of the control plane and NodePort Services have ports of their own there.',
    fix: ['endpointPort: auto', 'apiServerPort: 6443'],
    source: 'https://kubernetes.io/docs/reference/networking/ports-and-protocols/',
  },
  LAB_PORT_SHARED: {
    title: 'The ports of the endpoint and of the API servers do not fit each other',
    exit: 2,
    meaning:
      'Where haproxy runs beside an API server, each needs a port of its own; where nothing hands connections on, clients must come to the API server’s.',
    why: 'One port of a machine has one listener: with 6443 for both, haproxy or the API server fails with “address already in use”.',
    fix: [
      'endpointPort: 8443   # in front of apiServerPort 6443: the default',
      'apiServerPort: 6444   # behind endpointPort 6443',
    ],
    source: 'https://github.com/kubernetes/kubeadm/blob/main/docs/ha-considerations.md',
  },
  LAB_LOAD_BALANCER_FORM: {
    title: 'This form of load balancing does not fit the machines',
    exit: 2,
    meaning:
      'Static pods and kube-vip run on several control planes; packages run there, too, or on loadBalancers of their own.',
    why: 'Static pods need a kubelet, kube-vip an API server beside it: load balancers have neither. And a single control plane shares its address with nobody.',
    fix: ['loadBalancer: packages', 'loadBalancers: 0', 'controlPlanes: 3'],
  },
} satisfies Record<string, CatalogueEntry>;
