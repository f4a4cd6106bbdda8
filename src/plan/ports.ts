import type { ChosenFolder } from './choices.js';
import type { PortPlan, Role } from './cluster.js';
import { applies } from './when.js';

const nodePorts = (on: Role): PortPlan[] => [
  { on, port: '10250', protocol: 'tcp', what: 'kubelet' },
  { on, port: '10256', protocol: 'tcp', what: 'kube-proxy health' },
  { on, port: '30000-32767', protocol: 'tcp', what: 'NodePort Services' },
];

/** Source: https://kubernetes.io/docs/reference/networking/ports-and-protocols/ */
const kubernetesPorts: readonly PortPlan[] = [
  { on: 'control-plane', port: '6443', protocol: 'tcp', what: 'Kubernetes API' },
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
  endpoint: { kubernetes: boolean; virtual: boolean },
): PortPlan[] {
  const balanced: PortPlan[] = [
    { on: 'load-balancer', port: '6443', protocol: 'tcp', what: 'Kubernetes API, balanced' },
    ...(endpoint.virtual
      ? [{ on: 'load-balancer', port: '112', protocol: 'ip', what: 'VRRP' } as const]
      : []),
  ];
  const all: PortPlan[] = [
    { on: 'all', port: '22', protocol: 'tcp', what: 'ssh' },
    ...(endpoint.kubernetes ? [...balanced, ...kubernetesPorts] : []),
    ...folders.flatMap(folderPorts),
  ];
  return all.filter(({ on }) => on === 'all' || roles.has(on));
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
