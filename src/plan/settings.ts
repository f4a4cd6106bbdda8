import type { ChosenFolder, ChosenFolders, Options } from './choices.js';
import type { Cluster, Machine, PortPlan } from './cluster.js';
import type { Setting } from './plannedStep.js';
import type { BareMachine } from './machines.js';
import { manifestFault } from './when.js';

/** The plan but for the machines' provisioners. */
export type BareCluster = Omit<Cluster, 'machines'> & { machines: BareMachine[] };

/** Headings of a provisioner's constants, in print order. */
const settingGroups = ['This machine', 'The lab', 'Kubernetes', 'Network', 'Where things come from'] as const;
type Group = (typeof settingGroups)[number];

/** Gives a constant's value, or undefined when it means nothing in this lab. */
type Constant = (cluster: BareCluster, machine: BareMachine) => string | undefined;

const thisMachine: Record<string, Constant> = {
  MACHINE: (_, machine) => machine.name,
  ROLE: (_, machine) => machine.role,
  NODE_ADDRESS: (_, machine) => machine.address,
  NODE_MAC: (_, machine) => machine.mac,
  POD_CIDR: (_, machine) => machine.podCidr,
  POD_GATEWAY: (_, machine) => machine.podGateway,
  /** `22/tcp`, `30000-32767/tcp`, `4/ip`: what this machine listens on, one a line. */
  PORTS: ({ ports }, { role }) =>
    [...new Set(ports.filter(({ on }) => on === 'all' || on === role).map(portOf))].join('\n'),
  PEER_ROUTES: (_, machine) =>
    machine.podCidr === undefined
      ? undefined
      : lines(machine.routes.map(({ destination, via }) => [destination, via])),
};

const theLab: Record<string, Constant> = {
  LAB: (cluster) => cluster.name,
  ALL_HOSTS: (cluster) => hosts(cluster, () => true),
};

const kubernetes: Record<string, Constant> = {
  KUBERNETES_VERSION: (cluster) => cluster.kubernetes?.version,
  KUBERNETES_MINOR: (cluster) => cluster.kubernetes?.minor,
  ENDPOINT: (cluster) => cluster.endpoint?.hostPort,
  ENDPOINT_ADDRESS: (cluster) => cluster.endpoint?.address,
  ENDPOINT_PORT: (cluster) => cluster.endpoint && String(cluster.endpoint.port),
  API_SERVER_PORT: (cluster) => cluster.endpoint && String(cluster.endpoint.apiServerPort),
  FIRST_CONTROL_PLANE: (cluster) => firstControlPlane(cluster)?.name,
  FIRST_CONTROL_PLANE_ADDRESS: (cluster) => firstControlPlane(cluster)?.address,
  CONTROL_PLANES: (cluster) => cluster.kubernetes && hosts(cluster, ({ role }) => role === 'control-plane'),
};

const network: Record<string, Constant> = {
  HOST_ONLY_CIDR: ({ networking }) => networking.hostOnly.cidr,
  HOST_ONLY_PREFIX: ({ networking }) => String(networking.hostOnly.prefix),
  HOST_ADDRESS: ({ networking }) => networking.hostOnly.hostAddress,
  POD_SUBNET: ({ networking }) => networking.podSubnet,
  POD_MTU: ({ networking }) => String(networking.mtu ?? ''),
  SERVICE_SUBNET: ({ networking }) => networking.serviceSubnet,
  DNS_SERVICE_ADDRESS: ({ networking }) => networking.dnsServiceAddress,
  DNS_DOMAIN: ({ networking }) => networking.dnsDomain,
};

const places: Record<string, Constant> = {
  /** Base URL of a bundle that holds every download; empty: each comes from its own place. */
  MIRROR: ({ bundle }) => bundle?.mirror ?? '',
  /** Images that are fetched beforehand. */
  IMAGES: ({ bundle, images, loadBalancer }, machine) =>
    imagesFor(machine, bundle?.images ?? images, loadBalancer?.images ?? []).join('\n'),
};

const constants: Record<Group, Record<string, Constant>> = {
  'This machine': thisMachine,
  'The lab': theLab,
  Kubernetes: kubernetes,
  Network: network,
  'Where things come from': places,
};

/** Every constant that could be printed for this machine: group, name, value, in print order. */
export function availableSettings(
  cluster: BareCluster,
  machine: BareMachine,
  folders: ChosenFolders,
  sourceConstants: ReadonlyMap<string, string>,
): Setting[] {
  const own = (group: Group): Setting[] =>
    Object.entries(constants[group]).flatMap(([name, constant]) => {
      const value = constant(cluster, machine);
      return value === undefined ? [] : [{ name, value, group }];
    });
  const all = [
    ...own('This machine'),
    ...own('The lab'),
    ...optionSettings('RUNTIME', folders.runtime.options, 'The lab'),
    ...own('Kubernetes'),
    ...optionSettings('BOOTSTRAP', folders.bootstrap.options, cluster.kubernetes ? 'Kubernetes' : 'The lab'),
    ...own('Network'),
    ...optionSettings('CNI', folders.cni.options, 'Network'),
    ...own('Where things come from'),
    ...[...sourceConstants].map(([name, value]) => ({ name, value, group: 'Where things come from' })),
  ];
  // A source may give a name that the plan gives, too, such as KUBERNETES_VERSION: the plan's counts.
  return all.filter(({ name }, at) => all.findIndex((other) => other.name === name) === at).sort(byGroup);
}

/** Those of the available settings whose names are wanted. Throws PLAN_MANIFEST for a step that wants another one. */
export function pickSettings(
  available: readonly Setting[],
  wanted: readonly { name: string; step: string; folder: ChosenFolder }[],
): Setting[] {
  const names = new Set(available.map(({ name }) => name));
  for (const { name, step, folder } of wanted) {
    if (!names.has(name))
      throw manifestFault(folder, `step ${step} uses the setting ${name}, which this lab does not have`);
  }
  const used = new Set(wanted.map(({ name }) => name));
  return available.filter(({ name }) => used.has(name));
}

function optionSettings(prefix: string, options: Options, group: Group): Setting[] {
  return Object.entries(options).map(([option, value]) => ({
    name: `${prefix}_${option.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll('-', '_')}`.toUpperCase(),
    value: String(value),
    group,
  }));
}

function byGroup(one: Setting, other: Setting): number {
  const order: readonly string[] = settingGroups;
  return order.indexOf(one.group) - order.indexOf(other.group);
}

/** Parts of the control plane, and of what balances it, run on their own machines alone. */
function imagesFor(
  { role, balancer }: BareMachine,
  images: readonly string[],
  ofBalancer: readonly string[],
): string[] {
  if (role === 'load-balancer') return [];
  const ofControlPlanes = /^registry\.k8s\.io\/(?:kube-(?:apiserver|controller-manager|scheduler)|etcd):/;
  return images
    .filter((image) => balancer !== undefined || !ofBalancer.includes(image))
    .filter((image) => role === 'control-plane' || !ofControlPlanes.test(image));
}

function portOf({ port, protocol }: PortPlan): string {
  return `${port}/${protocol}`;
}

function firstControlPlane(cluster: BareCluster): BareMachine | undefined {
  return cluster.machines.find(({ role, index }) => role === 'control-plane' && index === 0);
}

function hosts(cluster: BareCluster, wanted: (machine: Pick<Machine, 'role'>) => boolean): string {
  return lines(cluster.machines.filter(wanted).map(({ address, name }) => [address, name]));
}

function lines(rows: string[][]): string {
  return rows.map((row) => row.join(' ')).join('\n');
}
