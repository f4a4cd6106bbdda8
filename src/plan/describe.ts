import { formatMiB } from '../lab/size.js';
import type { Cluster, Machine, PlannedBox, PlannedBundle, PlannedChoice } from './cluster.js';
import { roleName } from './topology.js';
import { count, list } from './words.js';

export interface Table {
  title: string;
  columns: { name: string; align: 'left' | 'right' }[];
  rows: string[][];
}

/** A plan in words and tables, for text, README and HTML alike. */
export interface ClusterDescription {
  /** Label and value, the most important first. */
  facts: [label: string, value: string][];
  machines: Table;
  ranges: Table;
  ports: Table;
}

/** What a person wants to know of a plan, as words and tables. */
export function describeCluster(cluster: Cluster): ClusterDescription {
  return {
    facts: facts(cluster),
    machines: machineTable(cluster),
    ranges: rangeTable(cluster),
    ports: portTable(cluster),
  };
}

function facts(cluster: Cluster): ClusterDescription['facts'] {
  const { kubernetes, endpoint, totals, sources, images } = cluster;
  const kinds = {
    'control-plane': 'the first control plane',
    'load-balancer': 'the load balancer',
    vip: 'virtual address',
  };
  return [
    ['Provider', choice({ name: cluster.provider, options: cluster.providerOptions ?? {} }, longestUri)],
    ['Box', boxName(cluster.box)],
    ...(kubernetes
      ? [['Kubernetes', `${kubernetes.version}, by ${choice(cluster.bootstrap)}`] satisfies [string, string]]
      : []),
    ['Runtime', choice(cluster.runtime)],
    ['CNI', choice(cluster.cni)],
    ...(endpoint
      ? [['API', `https://${endpoint.hostPort} (${kinds[endpoint.kind]})`] satisfies [string, string]]
      : []),
    ...balancing(cluster),
    ['Downloads', downloads(sources.length, images.length)],
    ...(cluster.bundle ? [['Bundle', bundleName(cluster.bundle)] satisfies [string, string]] : []),
    [
      'In total',
      `${count(totals.machines, 'machine')}, ${count(totals.cpus, 'CPU')}, ${gibibytes(totals.memoryMiB)} of memory, ${totals.diskGiB} GiB of disk`,
    ],
  ];
}

function balancing({ endpoint, loadBalancer, machines }: Cluster): ClusterDescription['facts'] {
  if (!endpoint || !loadBalancer) return [];
  const { on, port, virtualRouterId } = loadBalancer;
  const where =
    on === 'control-plane' ? 'the control planes' : count(loadBalancer.machines.length, 'machine');
  const behind = port === endpoint.apiServerPort ? '' : ` in front of ${endpoint.apiServerPort}`;
  const ports = port === undefined ? '' : `: port ${port}${behind}`;
  const held = machines.flatMap(({ name, balancer }) =>
    balancer?.vrrp ? [`${name} ${balancer.vrrp.state} ${balancer.vrrp.priority}`] : [],
  );
  return [
    ['Balancing', `${choice(loadBalancer)} on ${where}${ports}`],
    ...(virtualRouterId === undefined
      ? []
      : [['keepalived', `virtual router ${virtualRouterId}: ${held.join(', ')}`] satisfies [string, string]]),
  ];
}

function boxName(box: PlannedBox): string {
  const version = box.version === undefined ? '' : ` ${box.version}`;
  if (box.baked)
    return `${box.key} (${box.name}, baked ${box.baked.created.slice(0, 10)} from ${box.baked.from})`;
  const origin = box.build ? ', built on this host' : '';
  return box.key === 'custom' ? `${box.name}${version}` : `${box.key} (${box.name}${version}${origin})`;
}

/** Options with long values, such as images, would hide the others. */
const longestTold = 20;

/** Where a lab runs is told even so. */
const longestUri = 80;

function choice({ name, version, options }: PlannedChoice, longest = longestTold): string {
  const told = Object.entries(options)
    .map(([option, value]) => [option, String(value)] as const)
    .filter(([option, value]) => option !== 'version' && value !== '' && value.length <= longest);
  const rest = told.map((pair) => pair.join(' ')).join(', ');
  return `${name}${version === undefined ? '' : ` ${version}`}${rest === '' ? '' : ` (${rest})`}`;
}

function downloads(sources: number, images: number): string {
  if (sources + images === 0) return "only the distribution's packages";
  return `${count(sources, 'source')} and ${count(images, 'image')}, besides the distribution's packages`;
}

function bundleName({ name, location, mirror, port }: PlannedBundle): string {
  const served = port === undefined ? '' : `, served at ${mirror} while machines are set up`;
  return `${name} (${location}${served})`;
}

function gibibytes(mebibytes: number): string {
  return `${Number((mebibytes / 1024).toFixed(1))} GiB`;
}

function machineTable(cluster: Cluster): Table {
  const withRanges = cluster.machines.some(({ podCidr }) => podCidr !== undefined);
  return {
    title: 'Machines',
    columns: [
      ...left('Name', 'Role', 'Address'),
      ...right('CPUs', 'Memory', 'Disk'),
      ...left(...(withRanges ? ['Pod range'] : []), ...(cluster.kubernetes ? ['Runs pods'] : [])),
    ],
    rows: cluster.machines.map((machine) => [
      machine.name,
      roleName(cluster, machine.role),
      machine.address,
      String(machine.cpus),
      formatMiB(machine.memoryMiB),
      `${machine.diskGiB} GiB`,
      ...(withRanges ? [machine.podCidr ?? ''] : []),
      ...(cluster.kubernetes ? [runsPods(machine)] : []),
    ]),
  };
}

function runsPods(machine: Machine): string {
  return machine.schedulable ? 'yes' : 'no';
}

function rangeTable({ networking, kubernetes, machines }: Cluster): Table {
  const { hostOnly, nat } = networking;
  const blocks = machines.find(({ podCidr }) => podCidr !== undefined)?.podCidr?.split('/')[1];
  const mask = blocks ?? (kubernetes ? String(kubernetes.nodeCidrMaskSize) : undefined);
  const bridge = hostOnly.bridge === '' ? '' : `, on its bridge ${hostOnly.bridge}`;
  return {
    title: 'Address ranges',
    columns: left('For', 'Range', 'Notes'),
    rows: [
      ['machines', hostOnly.cidr, `this host is ${hostOnly.hostAddress}${bridge}`],
      [
        'NAT adapters',
        nat.cidr,
        `${nat.address === '' ? 'another address on each machine' : `${nat.address} on every machine`}: the way out, never the way in`,
      ],
      ['pods', networking.podSubnet, mask === undefined ? '' : `a /${mask} for each machine`],
      ...(kubernetes
        ? [
            [
              'Services',
              networking.serviceSubnet,
              `API ${networking.apiServiceAddress}, DNS ${networking.dnsServiceAddress} (${networking.dnsDomain})`,
            ],
          ]
        : []),
    ],
  };
}

/** One row a port: the roles that have it stand in one cell. */
function portTable(cluster: Cluster): Table {
  const rows = new Map<string, { on: string[]; port: string; what: string }>();
  for (const { on, port, protocol, what } of cluster.ports) {
    const shown = protocol === 'ip' ? `IP protocol ${port}` : `${port}/${protocol}`;
    const row = rows.get(`${shown} ${what}`) ?? { on: [], port: shown, what };
    row.on.push(on === 'all' ? 'every machine' : `${roleName(cluster, on)}s`);
    rows.set(`${shown} ${what}`, row);
  }
  return {
    title: 'Ports',
    columns: left('Port', 'What', 'On'),
    rows: [...rows.values()].map(({ on, port, what }) => [port, what, list(on)]),
  };
}

function left(...names: string[]): Table['columns'] {
  return names.map((name) => ({ name, align: 'left' }));
}

function right(...names: string[]): Table['columns'] {
  return names.map((name) => ({ name, align: 'right' }));
}
