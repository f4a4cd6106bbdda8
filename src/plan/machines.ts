import { formatCidr, nthAddress, nthSubnet, parseCidr, subnetCount } from '../lab/cidr.js';
import type { Lab, RoleRequest } from '../lab/lab.js';
import { machinePath, macOf, rolesOf, type Addresses } from './addresses.js';
import type { Machine, Role } from './cluster.js';
import type { Problems } from './problems.js';

const prefixes: Record<Role, string> = { 'control-plane': 'cp', worker: 'worker', 'load-balancer': 'lb' };

/** A machine whose provisioner is not planned yet. */
export type BareMachine = Omit<Machine, 'steps' | 'settings' | 'library'>;

/** The machines in boot order, sized and named, without provisioners and secrets. Names given twice are problems. */
export function planMachines(lab: Lab, addresses: Addresses, problems: Problems): BareMachine[] {
  const machines = rolesOf(lab).flatMap(({ role, request }) =>
    addresses.machines[role].map((address, index) => planMachine(role, request, address, index)),
  );
  reportSharedNames(lab, machines, problems);
  return machines;
}

function planMachine(role: Role, request: RoleRequest, address: string, index: number): BareMachine {
  const own = request.machines[index] ?? {};
  return {
    name: own.name ?? `${prefixes[role]}${index + 1}`,
    role,
    index,
    address,
    mac: macOf(address),
    cpus: own.cpus ?? request.cpus,
    memoryMiB: own.memoryMiB ?? request.memoryMiB,
    diskGiB: own.diskGiB ?? request.diskGiB,
    schedulable: role !== 'load-balancer' && (own.schedulable ?? request.schedulable),
    routes: [],
    secretGroups: [],
  };
}

function reportSharedNames(lab: Lab, machines: BareMachine[], problems: Problems): void {
  const seen = new Set<string>();
  for (const { role, key } of rolesOf(lab)) {
    for (const { name, index } of machines.filter((machine) => machine.role === role)) {
      if (seen.has(name)) {
        problems.add('PLAN_NAME_TAKEN', `Two machines are called ${name}.`, {
          paths: [`${machinePath(key, index)}.name`],
        });
      }
      seen.add(name);
    }
  }
}

/**
 * Gives every machine of the cluster a pod range of its own, block i+1 of the pod range for machine i, and routes to
 * the others' ranges over their host-only addresses. For CNIs that route from the plan.
 */
export function withPodRanges(lab: Lab, machines: readonly BareMachine[], problems: Problems): BareMachine[] {
  const { podSubnet, nodeCidrMaskSize } = lab.networking;
  const pods = parseCidr(podSubnet);
  const members = machines.filter(({ role }) => role !== 'load-balancer');
  const blocks = pods ? subnetCount(pods, nodeCidrMaskSize) : 0;
  if (!pods || blocks < members.length) {
    problems.add(
      'PLAN_POD_RANGES',
      `podSubnet ${podSubnet} holds ${blocks} ranges of /${nodeCidrMaskSize}; ${members.length} machines need one each.`,
      { paths: ['networking.podSubnet', 'networking.nodeCidrMaskSize', 'networking'] },
    );
    return [...machines];
  }
  /** The first block stays free while there is room: machine 1 has range 1. */
  const first = blocks > members.length ? 1 : 0;
  const ranges = new Map(
    members.flatMap(({ name }, index) => {
      const range = nthSubnet(pods, nodeCidrMaskSize, index + first);
      return range ? [[name, { range, cidr: formatCidr(range) }] as const] : [];
    }),
  );
  return machines.map((machine) => {
    const own = ranges.get(machine.name);
    const podGateway = own && nthAddress(own.range, 1);
    if (!own || podGateway === undefined) return machine;
    const routes = members.flatMap(({ name, address }) => {
      const peer = name === machine.name ? undefined : ranges.get(name);
      return peer ? [{ destination: peer.cidr, via: address, machine: name }] : [];
    });
    return { ...machine, podCidr: own.cidr, podGateway, routes };
  });
}
