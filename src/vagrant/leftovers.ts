import type { Cluster } from '../plan/cluster.js';
import { vagrantKnows } from './lab.js';
import { libvirtUri } from './libvirt.js';
import { run } from './runner.js';
import { asRoot, providerName, removalOf } from './survivors.js';

/** A machine on the hypervisor, and the commands, in words, that remove it. */
export interface Leftover {
  name: string;
  remove: string[][];
}

export interface LeftoverOptions {
  /** The lab's folder, where it has one: machines that Vagrant made there are the lab's own. */
  folder?: string;
  /** The other labs of this host: machines with their names and ranges are theirs. */
  others: readonly { name: string; hostOnlySubnet: string }[];
  env?: Record<string, string | undefined>;
}

/** How each provider is asked for the names of all its machines, and how it prints one. */
const lists: Record<string, { words: (cluster: Cluster) => string[]; line: RegExp }> = {
  virtualbox: { words: () => ['VBoxManage', 'list', 'vms'], line: /^"(.+)" \{[0-9a-f-]+\}$/ },
  libvirt: {
    words: (cluster) => ['virsh', '--connect', libvirtUri(cluster), 'list', '--all', '--name'],
    line: /^(\S+)$/,
  },
  lxc: { words: () => asRoot(['lxc-ls', '-1']), line: /^(\S+)$/ },
};

/** Seconds that the provider may take to answer. */
const patience = 5;

/**
 * Machines on the hypervisor that are named as this lab's would be, in whatever range, although no lab folder knows them: their folder
 * was removed without `k8slab destroy`. Nothing where the provider does not answer or would want a password. Changes nothing.
 */
export async function findLeftovers(cluster: Cluster, options: LeftoverOptions): Promise<Leftover[]> {
  const list = lists[cluster.provider];
  const [program, ...args] = list?.words(cluster) ?? [];
  if (list === undefined || program === undefined) return [];
  const answer = await run(program, args, {
    ...(options.env && { env: options.env }),
    timeout: patience,
    patience: { interrupt: 500, terminate: 500 },
  }).catch(() => undefined);
  if (answer?.exitCode !== 0) return [];
  const there = answer.stdout.split('\n').flatMap((line) => list.line.exec(line.trim())?.[1] ?? []);
  const owned = ownedNames(cluster, options);
  const named = new Set(ranges.flatMap((octet) => namesIn(cluster, octet)));
  return there
    .filter((name) => named.has(name) && !owned.has(name))
    .map((name) => ({ name, remove: removalOf(cluster, name) }));
}

/** Third octets that a host-only range can have. */
const ranges = Array.from({ length: 256 }, (_, octet) => octet);

const inRange = (cluster: Cluster, octet: number): Cluster => {
  const { networking } = cluster;
  const hostOnly = { ...networking.hostOnly, cidr: `192.168.${octet}.0/24` };
  return { ...cluster, networking: { ...networking, hostOnly } };
};

const namesIn = (cluster: Cluster, octet: number): string[] =>
  cluster.machines.map((machine) => providerName(inRange(cluster, octet), machine));

function ownedNames(cluster: Cluster, { folder, others }: LeftoverOptions): Set<string> {
  const own = cluster.machines
    .filter(({ name }) => folder !== undefined && vagrantKnows({ cluster, folder }, name))
    .map((machine) => providerName(cluster, machine));
  const theirs = others
    .filter(({ name }) => name === cluster.name)
    .flatMap(({ hostOnlySubnet }) => namesIn(cluster, Number(hostOnlySubnet.split('.')[2])));
  return new Set([...own, ...theirs]);
}
