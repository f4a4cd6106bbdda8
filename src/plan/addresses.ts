import { addressIn, containsAddress, lastAddress, nthAddress, parseAddress, type Cidr } from '../lab/cidr.js';
import type { Lab, RoleRequest } from '../lab/lab.js';
import type { Balancing } from './balancing.js';
import type { Role } from './cluster.js';
import type { Problems } from './problems.js';
import { count } from './words.js';

/** Offsets within the host-only range that machines may have: VirtualBox's DHCP server is .100, leases follow. */
const firstOffset = 10;
const lastOffset = 99;
/** Ninety addresses, one of them kept for a virtual address. */
const mostMachines = 89;
const mostControlPlanes = 10;

/** The part of a lab that describes a role, with its key there. */
export interface RolePlan {
  role: Role;
  key: 'controlPlanes' | 'workers' | 'loadBalancers';
  request: RoleRequest;
}

/** Roles in boot order: what the others wait for comes first. */
export function rolesOf(lab: Lab): RolePlan[] {
  return [
    { role: 'load-balancer', key: 'loadBalancers', request: lab.loadBalancers },
    { role: 'control-plane', key: 'controlPlanes', request: lab.controlPlanes },
    { role: 'worker', key: 'workers', request: lab.workers },
  ];
}

export interface Addresses {
  /** By role, in the order of its machines. */
  machines: Record<Role, string[]>;
  /** Held by one of the machines that balance: the lab's own, .99, or the last one no machine was given. */
  virtual?: string;
}

/** Where a role's machines look for an address, best first: their own decade, then whatever is free. */
const preferences: Record<Role, readonly number[]> = {
  'control-plane': offsets(10, 99),
  'load-balancer': [...offsets(90, 99), ...offsets(20, 89), ...offsets(10, 19)],
  worker: [...offsets(20, 99), ...offsets(10, 19)],
};

/**
 * An address for every machine: those written in the lab first, then control planes from .10, load balancers
 * from .90, workers from .20, each role going on with what is free. Undefined when they do not fit.
 */
export function assignAddresses(
  lab: Lab,
  hostOnly: Cidr,
  balancing: Balancing | undefined,
  problems: Problems,
): Addresses | undefined {
  if (!fits(lab, problems)) return undefined;
  const fixed = fixedAddresses(lab, hostOnly, problems);
  if (!fixed) return undefined;
  const written = balancing?.virtual ? addressIn(hostOnly, lab.networking.virtualAddress) : undefined;
  const free = freeAddresses(
    hostOnly,
    new Set([...fixed.values(), ...(written === undefined ? [] : [written])]),
  );
  const take = (wanted: readonly number[]): string | undefined => {
    const offset = wanted.find((candidate) => free.has(candidate)) ?? -1;
    const address = free.get(offset);
    free.delete(offset);
    return address;
  };

  const virtual = balancing?.virtual
    ? (written ?? take(offsets(firstOffset, lastOffset).reverse()))
    : undefined;
  const machines: Record<Role, string[]> = { 'control-plane': [], 'load-balancer': [], worker: [] };
  for (const { role, key, request } of [...rolesOf(lab)].sort(byScarcity)) {
    for (let index = 0; index < request.count; index += 1) {
      const address = fixed.get(machinePath(key, index)) ?? take(preferences[role]);
      if (address === undefined) {
        problems.add('PLAN_ADDRESSES', `The host-only range has no address left for ${role} ${index + 1}.`, {
          paths: [key, 'networking.hostOnlySubnet'],
        });
        return undefined;
      }
      machines[role].push(address);
    }
  }
  return { machines, ...(virtual !== undefined && { virtual }) };
}

/** Usable addresses by offset: within the range, not its broadcast address, and not taken. */
function freeAddresses(hostOnly: Cidr, taken: ReadonlySet<string>): Map<number, string> {
  const broadcast = lastAddress(hostOnly) - hostOnly.network;
  return new Map(
    offsets(firstOffset, lastOffset).flatMap((offset) => {
      const address = offset < broadcast ? nthAddress(hostOnly, offset) : undefined;
      return address === undefined || taken.has(address) ? [] : [[offset, address] as const];
    }),
  );
}

/** A MAC address that follows from the address, so that a machine keeps it: 192.168.57.10 → 00:16:3e:39:a8:0a. */
export function macOf(address: string): string {
  const [, second = 0, third = 0, fourth = 0] = address.split('.').map(Number);
  return [
    '00',
    '16',
    '3e',
    ...[third, second, fourth].map((octet) => octet.toString(16).padStart(2, '0')),
  ].join(':');
}

/** `workers.machines.0` */
export function machinePath(key: RolePlan['key'], index: number): string {
  return `${key}.machines.${index}`;
}

/** Workers come last: they have the most room. */
function byScarcity(one: RolePlan, other: RolePlan): number {
  return Number(one.role === 'worker') - Number(other.role === 'worker');
}

function offsets(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function fits(lab: Lab, problems: Problems): boolean {
  const total = lab.controlPlanes.count + lab.workers.count + lab.loadBalancers.count;
  if (total > mostMachines) {
    const largest = [...rolesOf(lab)].sort((a, b) => b.request.count - a.request.count)[0]?.key ?? 'workers';
    problems.add(
      'PLAN_TOO_MANY_MACHINES',
      `${count(total, 'machine')} do not fit: a lab has at most ${mostMachines}, with addresses .${firstOffset} to .${lastOffset}.`,
      { paths: [`${largest}.count`, largest] },
    );
  } else if (lab.controlPlanes.count > mostControlPlanes) {
    problems.add(
      'PLAN_TOO_MANY_CONTROL_PLANES',
      `${count(lab.controlPlanes.count, 'control plane')}: a lab has at most ${mostControlPlanes}, with addresses .10 to .19.`,
      { paths: ['controlPlanes.count', 'controlPlanes'] },
    );
  } else return true;
  return false;
}

/** Addresses written in the lab, by machine path; each within the range and given once. */
function fixedAddresses(lab: Lab, hostOnly: Cidr, problems: Problems): Map<string, string> | undefined {
  const fixed = new Map<string, string>();
  const holders = new Map<string, string>();
  let sound = true;
  for (const { key, request } of rolesOf(lab)) {
    for (const [index, { address: written }] of request.machines.entries()) {
      if (written === undefined) continue;
      const path = machinePath(key, index);
      const about = { paths: [`${path}.address`] };
      const address = addressIn(hostOnly, written);
      const number = address === undefined ? undefined : parseAddress(address);
      const holder = holders.get(address ?? '');
      const offset = (number ?? 0) - hostOnly.network;
      if (
        address === undefined ||
        number === undefined ||
        !containsAddress(hostOnly, number) ||
        offset < firstOffset ||
        offset > lastOffset
      ) {
        const from = nthAddress(hostOnly, firstOffset) ?? '';
        const to = nthAddress(hostOnly, lastOffset) ?? '';
        problems.add(
          'PLAN_ADDRESS_OUTSIDE',
          `${written} is not one of the addresses ${from} to ${to} of this lab.`,
          about,
        );
        sound = false;
      } else if (holder !== undefined) {
        problems.add('PLAN_ADDRESS_TAKEN', `${address} is given to ${holder} already.`, about);
        sound = false;
      } else {
        fixed.set(path, address);
        holders.set(address, path);
      }
    }
  }
  return sound ? fixed : undefined;
}
