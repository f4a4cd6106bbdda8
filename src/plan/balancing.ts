import type { BalancerManifest } from '../assets/balancerManifest.js';
import type { Lab } from '../lab/lab.js';
import type { ChosenFolder, ChosenFolders } from './choices.js';
import { hasKubernetes } from './choices.js';
import type { Endpoint, PlannedLoadBalancer, PlannedNetworking } from './cluster.js';
import type { BareMachine } from './machines.js';

/** What stands between clients and several API servers, and on which machines. */
export interface Balancing {
  folder: ChosenFolder;
  manifest: BalancerManifest;
  /** Role of its machines. */
  on: PlannedLoadBalancer['on'];
  /** Whether its machines share an address of their own. */
  virtual: boolean;
}

/** The largest VRRP router id; 0 is not one. RFC 9568, 5.2.3. */
const largestRouterId = 255;
/** The first machine's priority is the higher one; the check's weight of 2 makes up for the difference. */
const priorities = { first: 101, other: 100 };

/**
 * How the API servers of a lab are balanced: on its load balancers where it has some, else on the control planes.
 * Undefined when they are not.
 */
export function chooseBalancing(lab: Lab, folders: ChosenFolders | undefined): Balancing | undefined {
  const folder = folders?.loadBalancer;
  const manifest = folder?.manifest.balancer;
  if (!folder || !manifest || !hasKubernetes(lab)) return undefined;
  const on = lab.loadBalancers.count > 0 ? 'load-balancer' : 'control-plane';
  return { folder, manifest, on, virtual: sharesAddress(lab) };
}

/** A single load balancer has its own address only; control planes, however many, get one for all of them. */
export function sharesAddress(lab: Lab): boolean {
  return lab.loadBalancers.count !== 1;
}

/** The machines, with keepalived's part for those that the load balancer runs on. */
export function withBalancers(
  machines: readonly BareMachine[],
  balancing: Balancing | undefined,
): BareMachine[] {
  return machines.map((machine) => {
    if (machine.role !== balancing?.on) return machine;
    if (!balancing.manifest.vrrp || !balancing.virtual) return { ...machine, balancer: {} };
    const first = machine.index === 0;
    const vrrp = first
      ? ({ state: 'MASTER', priority: priorities.first } as const)
      : ({ state: 'BACKUP', priority: priorities.other } as const);
    return { ...machine, balancer: { vrrp } };
  });
}

/** The load balancer in the plan's words. `images` are those it runs. */
export function planLoadBalancer(
  balancing: Balancing | undefined,
  endpoint: Endpoint | undefined,
  machines: readonly BareMachine[],
  { hostOnly }: PlannedNetworking,
  images: string[],
): PlannedLoadBalancer | undefined {
  if (!balancing || !endpoint) return undefined;
  const { folder, manifest, on, virtual } = balancing;
  const { vip, ...options } = folder.options;
  return {
    name: folder.name,
    options,
    on,
    machines: machines.filter(({ role }) => role === on).map(({ name }) => name),
    ...(manifest.portBesideApi !== undefined && { port: endpoint.port }),
    ...(manifest.vrrp && virtual && vip === true && { virtualRouterId: routerId(hostOnly.cidr) }),
    images,
  };
}

/** Follows from the third octet of the lab's range: labs beside each other have different ones. */
function routerId(hostOnlyCidr: string): number {
  return Number(hostOnlyCidr.split('.')[2]) || largestRouterId;
}
