import {
  contains,
  formatCidr,
  hostOnlyPool,
  natRange,
  netmask,
  nthAddress,
  overlaps,
  parseCidr,
} from '../lab/cidr.js';
import { splitInto, subnetCount, widened, type Cidr } from '../lab/cidr.js';
import type { Lab } from '../lab/lab.js';
import type { PlannedNetworking } from './cluster.js';
import type { Decisions, HostFacts } from './host.js';
import type { Problems } from './problems.js';
import type { ChosenProvider } from './provider.js';
import { list } from './words.js';

/** A range with a name for messages. */
interface Held {
  cidr: Cidr;
  /** `the host's network 192.168.1.0/24 (wlan0)` */
  what: string;
  /** An adapter of VirtualBox's own, left by a lab that is gone: one with the very same range is used again. */
  reusable?: boolean;
}

/**
 * The host-only range: the lab's own, the one decided for this folder before, or the first free /24 of
 * 192.168.56.0/21. One that is written must not overlap the host's networks or another lab's; one decided before
 * stays whatever appears on the host later, with a note. VirtualBox must allow it.
 */
export function chooseHostOnly(
  lab: Lab,
  provider: ChosenProvider | undefined,
  host: HostFacts,
  decisions: Decisions | undefined,
  problems: Problems,
): Cidr | undefined {
  const paths = ['networking.hostOnlySubnet'];
  const taken = heldBy(host, provider);
  if (lab.networking.hostOnlySubnet === 'auto') {
    const decided = parseCidr(decisions?.hostOnlySubnet ?? '');
    if (!decided) return firstFree(lab, provider, host, taken, problems);
    for (const { what } of clashes(decided, taken).filter((held) => !isReused(held, decided))) {
      problems.note('PLAN_HOST_OVERLAP', `This lab's network ${formatCidr(decided)} overlaps ${what}.`);
    }
    return clashesWithin(lab, provider, decided, problems) ? undefined : decided;
  }
  const written = parseCidr(lab.networking.hostOnlySubnet);
  if (!written) return undefined;
  for (const { what } of clashes(written, taken).filter((held) => !isReused(held, written))) {
    const fix = ['hostOnlySubnet: auto', 'or another /24 of 192.168.56.0/21'];
    problems.add('PLAN_HOST_OVERLAP', `hostOnlySubnet ${formatCidr(written)} overlaps ${what}.`, {
      paths,
      fix,
    });
  }
  if (clashesWithin(lab, provider, written, problems)) return undefined;
  if (!vboxAllows(written, provider, host)) refuseByVbox(written, host, problems);
  return written;
}

/** Notes pod and service ranges that hide a network of the host from the pods. */
export function noteHiddenNetworks(lab: Lab, host: HostFacts, problems: Problems): void {
  for (const key of ['podSubnet', 'serviceSubnet'] as const) {
    const range = parseCidr(lab.networking[key]);
    if (!range) continue;
    for (const { what } of clashes(range, hostNetworks(host))) {
      problems.note(
        'PLAN_HOST_HIDDEN',
        `${key} ${formatCidr(range)} overlaps ${what}: pods cannot reach it.`,
      );
    }
  }
}

/** Everything about the network that follows from the host-only range and the lab. */
export function planNetworking(
  lab: Lab,
  hostOnly: Cidr,
  provider: ChosenProvider,
  mtu: number | undefined,
): PlannedNetworking {
  const services = parseCidr(lab.networking.serviceSubnet);
  return {
    hostOnly: {
      cidr: formatCidr(hostOnly),
      prefix: hostOnly.prefix,
      netmask: netmask(hostOnly.prefix),
      hostAddress: nthAddress(hostOnly, 1) ?? '',
      bridge: provider.manifest.bridge ? bridgeName(hostOnly) : '',
    },
    nat: provider.manifest.nat
      ? { cidr: provider.manifest.nat.cidr, address: '' }
      : { cidr: formatCidr(natRange), address: nthAddress(natRange, 15) ?? '' },
    podSubnet: lab.networking.podSubnet,
    serviceSubnet: lab.networking.serviceSubnet,
    apiServiceAddress: (services && nthAddress(services, 1)) ?? '',
    dnsServiceAddress: (services && nthAddress(services, 10)) ?? '',
    dnsDomain: lab.networking.dnsDomain,
    ...(mtu !== undefined && { mtu }),
  };
}

/** `k8slab57` for 192.168.57.0/24; other ranges by their octets in hexadecimal. At most 15 characters (IFNAMSIZ). */
function bridgeName(hostOnly: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(hostOnly.network / 2 ** shift) % 256);
  if (contains(hostOnlyPool, hostOnly) && hostOnly.prefix === 24) return `k8slab${octets[2] ?? 0}`;
  return `k8slab-${octets.map((octet) => octet.toString(16).padStart(2, '0')).join('')}`;
}

function firstFree(
  lab: Lab,
  provider: ChosenProvider | undefined,
  host: HostFacts,
  taken: Held[],
  problems: Problems,
): Cidr | undefined {
  const wanted = fixedSubnet(lab);
  const candidates = wanted ? [wanted] : splitInto(hostOnlyPool, 24, subnetCount(hostOnlyPool, 24));
  const ownRanges = rangesOf(lab, provider);
  const obstacles = [...taken, ...ownRanges];
  const free = candidates.filter((candidate) => clashes(candidate, obstacles).length === 0);
  const reused = candidates.filter((candidate) =>
    clashes(candidate, obstacles).every((held) => isReused(held, candidate)),
  );
  const chosen = [...free, ...reused].find((candidate) => vboxAllows(candidate, provider, host));
  if (chosen) return chosen;
  if (free[0]) {
    refuseByVbox(free[0], host, problems);
    return undefined;
  }
  const holders = [
    ...new Set(candidates.flatMap((candidate) => clashes(candidate, obstacles).map(({ what }) => what))),
  ];
  problems.add(
    'PLAN_NO_FREE_SUBNET',
    `No /24 of ${list(candidates.length === 1 ? candidates.map(formatCidr) : [formatCidr(hostOnlyPool)])} is free:` +
      ` it is taken by ${list(holders)}.`,
    { paths: ['networking.hostOnlySubnet', 'networking'] },
  );
  return undefined;
}

/** With `auto`, an address written in full decides: its /24. */
function fixedSubnet(lab: Lab): Cidr | undefined {
  for (const role of [lab.controlPlanes, lab.workers, lab.loadBalancers]) {
    for (const { address } of role.machines) {
      const cidr = address === undefined ? undefined : parseCidr(`${address}/32`);
      if (cidr) return widened(cidr, 24);
    }
  }
  return undefined;
}

function clashesWithin(
  lab: Lab,
  provider: ChosenProvider | undefined,
  hostOnly: Cidr,
  problems: Problems,
): boolean {
  const own = clashes(hostOnly, rangesOf(lab, provider));
  for (const { what } of own) {
    problems.add('PLAN_RANGE_OVERLAP', `The host-only range ${formatCidr(hostOnly)} overlaps ${what}.`, {
      paths: ['networking.hostOnlySubnet', 'networking.podSubnet', 'networking.serviceSubnet', 'networking'],
    });
  }
  return own.length > 0;
}

function rangesOf(lab: Lab, provider: ChosenProvider | undefined): Held[] {
  const nat = parseCidr(provider?.manifest.nat?.cidr ?? '') ?? natRange;
  const own = (['podSubnet', 'serviceSubnet'] as const).flatMap((key) => {
    const cidr = parseCidr(lab.networking[key]);
    return cidr ? [{ cidr, what: `${key} ${formatCidr(cidr)}` }] : [];
  });
  return [...own, { cidr: nat, what: `the NAT adapters' range ${formatCidr(nat)}` }];
}

function heldBy(host: HostFacts, provider: ChosenProvider | undefined): Held[] {
  const labs = host.otherLabs.flatMap(({ name, folder, hostOnlySubnet }) => {
    const cidr = parseCidr(hostOnlySubnet);
    return cidr ? [{ cidr, what: `${formatCidr(cidr)} of the lab ${name} (${folder})` }] : [];
  });
  const vbox = provider?.name === 'virtualbox';
  return [
    ...labs,
    ...hostNetworks(host).map((held) => ({
      ...held,
      reusable: vbox && /vboxnet|virtualbox/i.test(held.what),
    })),
  ];
}

function hostNetworks(host: HostFacts): Held[] {
  return host.networks.flatMap(({ cidr: text, name }) => {
    const cidr = parseCidr(text);
    return cidr ? [{ cidr, what: `the host's network ${formatCidr(cidr)} (${name})` }] : [];
  });
}

function clashes(range: Cidr, held: Held[]): Held[] {
  return held.filter(({ cidr }) => overlaps(range, cidr));
}

function isReused(held: Held, range: Cidr): boolean {
  return held.reusable === true && formatCidr(held.cidr) === formatCidr(range);
}

/** VirtualBox restricts host-only ranges on Linux and macOS, not on Windows. */
function vboxAllows(range: Cidr, provider: ChosenProvider | undefined, host: HostFacts): boolean {
  if (provider?.name !== 'virtualbox' || host.platform === 'win32') return true;
  return host.vboxAllowedRanges.some((text) => {
    const allowed = parseCidr(text);
    return allowed !== undefined && contains(allowed, range);
  });
}

function refuseByVbox(range: Cidr, host: HostFacts, problems: Problems): void {
  const line = `* ${[...host.vboxAllowedRanges, formatCidr(range)].join(' ')}`;
  problems.add(
    'PLAN_VBOX_RANGE',
    `VirtualBox does not allow the host-only range ${formatCidr(range)}; it allows ${list(host.vboxAllowedRanges)}.` +
      ` This line of /etc/vbox/networks.conf would allow it: ${line}`,
    {
      paths: ['networking.hostOnlySubnet', 'networking'],
      fix: [
        'hostOnlySubnet: auto',
        `sudo mkdir -p /etc/vbox && echo '${line}' | sudo tee /etc/vbox/networks.conf`,
      ],
    },
  );
}
