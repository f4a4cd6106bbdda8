import type { ChosenFolder } from './choices.js';
import type { Endpoint, PlannedLoadBalancer, PortPlan, Role } from './cluster.js';
import { applies } from './when.js';

const nodePorts = (on: Role): PortPlan[] => [
  { on, port: '10250', protocol: 'tcp', what: 'kubelet' },
  { on, port: '10256', protocol: 'tcp', what: 'kube-proxy health' },
  { on, port: '30000-32767', protocol: 'tcp', what: 'NodePort Services' },
];

/** Source: https://kubernetes.io/docs/reference/networking/ports-and-protocols/ */
const kubernetesPorts = ({ apiServerPort }: Endpoint): PortPlan[] => [
  { on: 'control-plane', port: String(apiServerPort), protocol: 'tcp', what: 'Kubernetes API' },
  { on: 'control-plane', port: '2379-2380', protocol: 'tcp', what: 'etcd' },
  { on: 'control-plane', port: '10257', protocol: 'tcp', what: 'kube-controller-manager' },
  { on: 'control-plane', port: '10259', protocol: 'tcp', what: 'kube-scheduler' },
  ...nodePorts('control-plane'),
  ...nodePorts('worker'),
];

/** What listens where, for the roles a lab has. */
export function planPorts(
  roles: ReadonlySet<Role>,
  folders: readonly ChosenFolder[],
  api: { endpoint: Endpoint | undefined; loadBalancer: PlannedLoadBalancer | undefined },
): PortPlan[] {
  const all: PortPlan[] = [
    { on: 'all', port: '22', protocol: 'tcp', what: 'ssh' },
    ...(api.loadBalancer ? balancerPorts(api.loadBalancer) : []),
    ...(api.endpoint ? kubernetesPorts(api.endpoint) : []),
    ...folders.flatMap(folderPorts),
  ];
  return all.filter(({ on }) => on === 'all' || roles.has(on));
}

function balancerPorts({ on, port, virtualRouterId }: PlannedLoadBalancer): PortPlan[] {
  return [
    ...(port === undefined
      ? []
      : [{ on, port: String(port), protocol: 'tcp', what: 'Kubernetes API, balanced' } as const]),
    ...(virtualRouterId === undefined ? [] : [{ on, port: '112', protocol: 'ip', what: 'VRRP' } as const]),
  ];
}

function folderPorts(folder: ChosenFolder): PortPlan[] {
  const ports = (folder.manifest.ports ?? []).filter(({ when }) => applies(when, folder));
  return ports.flatMap(({ on, port, protocol, what }) =>
    (on === 'cluster' ? (['control-plane', 'worker'] as const) : [on]).map((role) => ({
      on: role,
      port,
      protocol,
      what,
    })),
  );
}
