import type { Assets } from '../assets/manifests.js';
import { addressIn, parseCidr } from './cidr.js';
import { chosenName, chosenOptions, providerName, type ChoiceKind } from './choices.js';
import { countOf } from './count.js';
import type { BoxRequest, Choice, Lab, MachineRequest, RoleRequest } from './lab.js';
import type { WrittenLab } from './schema.js';
import { defaultNodeMask } from './nodeMask.js';
import { parseGiB, parseMiB } from './size.js';

type WrittenRole = WrittenLab['workers'];
type WrittenGroup = Exclude<WrittenRole, number | undefined>;
type WrittenMachine = NonNullable<WrittenGroup['machines']>[number];

/** Sizes of a machine where the lab says nothing: kubeadm's floor and a little, see the rules on sizes. */
const sizes = {
  controlPlanes: { cpus: 2, memoryMiB: 2048 },
  workers: { cpus: 1, memoryMiB: 1536 },
  loadBalancers: { cpus: 1, memoryMiB: 512 },
} as const;
const defaultDiskGiB = 20;

/** Fills in everything a lab left out. Takes a value the schema accepted. */
export function withDefaults(written: WrittenLab, assets: Assets): Lab {
  const choice = (kind: ChoiceKind): Choice => ({
    name: chosenName(kind, written),
    options: chosenOptions(written[kind]),
  });
  const bootstrap = choice('bootstrap');
  const providerOptions = chosenOptions(written.provider);
  const { networking = {} } = written;
  const workerCount = countOf(written.workers, 0);
  const hostOnlySubnet = networking.hostOnlySubnet ?? 'auto';
  const podSubnet = networking.podSubnet ?? '10.244.0.0/16';
  const roleOf = (role: keyof typeof sizes, count: number, schedulable: boolean): RoleRequest =>
    request(
      written[role],
      { count, schedulable, diskGiB: defaultDiskGiB, machines: [], ...sizes[role] },
      hostOnlySubnet,
    );
  const controlPlanes = roleOf('controlPlanes', bootstrap.name === 'none' ? 0 : 1, workerCount === 0);
  const workers = roleOf('workers', 0, true);
  const nodes = controlPlanes.count + workers.count;
  const lab: Omit<Lab, 'name'> = {
    description: written.description?.trim() ?? '',
    provider: providerName(written),
    ...(Object.keys(providerOptions).length > 0 && { providerOptions }),
    box: box(written.box, assets),
    kubernetes: { version: written.kubernetes?.version ?? 'default' },
    bootstrap,
    runtime: choice('runtime'),
    cni: choice('cni'),
    loadBalancer: choice('loadBalancer'),
    networking: {
      hostOnlySubnet,
      podSubnet,
      serviceSubnet: networking.serviceSubnet ?? '10.96.0.0/12',
      dnsDomain: networking.dnsDomain ?? 'cluster.local',
      nodeCidrMaskSize: networking.nodeCidrMaskSize ?? defaultNodeMask(podSubnet, nodes),
      mtu: networking.mtu ?? 'auto',
      virtualAddress: wholeAddress(networking.virtualAddress ?? 'auto', hostOnlySubnet),
      endpointPort: networking.endpointPort ?? 'auto',
      apiServerPort: networking.apiServerPort ?? 6443,
    },
    controlPlanes,
    workers,
    loadBalancers: roleOf('loadBalancers', 0, false),
  };
  return { name: written.name ?? shapeOf(lab), ...lab };
}

/** `1cp-2w-1lb`: what a lab without a name is called. */
function shapeOf(lab: Pick<Lab, 'controlPlanes' | 'workers' | 'loadBalancers'>): string {
  const parts: [number, string][] = [
    [lab.controlPlanes.count, 'cp'],
    [lab.workers.count, 'w'],
    [lab.loadBalancers.count, 'lb'],
  ];
  const shape = parts.filter(([count]) => count > 0).map(([count, role]) => `${count}${role}`);
  return shape.join('-') || 'lab';
}

function request(role: WrittenRole, defaults: RoleRequest, hostOnlySubnet: string): RoleRequest {
  const count = countOf(role, defaults.count);
  if (role === undefined || typeof role === 'number') return { ...defaults, count };
  return {
    ...defaults,
    count,
    ...size(role),
    machines: (role.machines ?? []).map((machine) => override(machine, hostOnlySubnet)),
  };
}

function override(machine: WrittenMachine, hostOnlySubnet: string): MachineRequest {
  const { name, address } = machine;
  return {
    ...(name !== undefined && { name }),
    ...(address !== undefined && { address: wholeAddress(address, hostOnlySubnet) }),
    ...size(machine),
  };
}

function size({ cpus, memory, disk, schedulable }: WrittenGroup | WrittenMachine): MachineRequest {
  const memoryMiB = memory === undefined ? undefined : parseMiB(memory, 'm');
  const diskGiB = disk === undefined ? undefined : parseGiB(disk);
  return {
    ...(cpus !== undefined && { cpus }),
    ...(memoryMiB !== undefined && { memoryMiB }),
    ...(diskGiB !== undefined && { diskGiB }),
    ...(schedulable !== undefined && { schedulable }),
  };
}

/** `.30` becomes 192.168.56.30 once the range is known; with `auto` it stays for the plan to complete. */
function wholeAddress(address: string, hostOnlySubnet: string): string {
  const subnet = parseCidr(hostOnlySubnet);
  return (subnet && addressIn(subnet, address)) ?? address;
}

function box(written: WrittenLab['box'], assets: Assets): 'auto' | BoxRequest {
  if (written === undefined || written === 'auto') return 'auto';
  if (typeof written === 'string') return { key: written };
  const { name, url, version, checksum } = written;
  return {
    name,
    family: written.family ?? familyOf(name, assets) ?? 'apt',
    ...(url !== undefined && { url }),
    ...(version !== undefined && { version }),
    ...(checksum !== undefined && { checksum }),
  };
}

/** The package family of a box the catalogue knows, by its key or by Vagrant's name. */
export function familyOf(name: string, assets: Assets): 'apt' | 'dnf' | undefined {
  const named = Object.entries(assets.boxes).find(
    ([key, box]) => key === name || Object.values(box.providers).some((provider) => provider.name === name),
  );
  return named?.[1].family;
}
