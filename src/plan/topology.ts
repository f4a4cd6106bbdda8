import type { Cluster, Machine, Role } from './cluster.js';
import { formatMiB } from '../lab/size.js';
import { count } from './words.js';

const roleNames: Record<Role, string> = {
  'control-plane': 'control plane',
  worker: 'worker',
  'load-balancer': 'load balancer',
};

/** Columns: the trunk's, where boxes begin, and between them. Four boxes of the widest text make 100 columns. */
const trunkColumn = 4;
const firstBoxColumn = 6;
const gap = 2;
const boxesInRow = 4;
const widestText = 18;
/** Roles with more machines are drawn as the first, how many more, and the last. */
const mostDrawn = 8;

/** What is written in one box of the picture. */
type BoxText = string[];

/**
 * The lab as a picture in box-drawing characters, at most 100 columns wide, without colour: the host, the host-only
 * network, and the machines on it. Lines end without spaces; the text ends with a line end.
 */
export function drawTopology(cluster: Cluster): string {
  const rows = rowsOf(cluster);
  const inner = Math.max(...rows.flat(2).map((line) => line.length), 14);
  const lines = [
    ...drawHost(cluster),
    ...rows.flatMap((row, index) => drawRow(row, inner, index === rows.length - 1)),
  ];
  return `${[...lines, '', ...legend(cluster)].map((line) => line.trimEnd()).join('\n')}\n`;
}

/** `control plane`, `worker`, `load balancer`; without Kubernetes `machine`. */
export function roleName(cluster: Cluster, role: Role): string {
  return cluster.kubernetes || role === 'load-balancer' ? roleNames[role] : 'machine';
}

function rowsOf(cluster: Cluster): BoxText[][] {
  const roles: Role[] = ['load-balancer', 'control-plane', 'worker'];
  const groups = roles
    .map((role) => cluster.machines.filter((machine) => machine.role === role))
    .filter((machines) => machines.length > 0)
    .map((machines) => boxesOf(cluster, machines));
  if (groups.flat().length <= boxesInRow) return [groups.flat()];
  return groups.flatMap((boxes) =>
    Array.from({ length: Math.ceil(boxes.length / boxesInRow) }, (_, row) =>
      boxes.slice(row * boxesInRow, (row + 1) * boxesInRow),
    ),
  );
}

function boxesOf(cluster: Cluster, machines: Machine[]): BoxText[] {
  const first = machines[0];
  const last = machines.at(-1);
  if (machines.length <= mostDrawn || !first || !last)
    return machines.map((machine) => boxText(cluster, machine));
  return [boxText(cluster, first), ['', `… ${machines.length - 2} more …`], boxText(cluster, last)];
}

function boxText(cluster: Cluster, machine: Machine): BoxText {
  const controlPlane = machine.role === 'control-plane';
  return [
    shorten(machine.name),
    roleName(cluster, machine.role),
    machine.address,
    `${count(machine.cpus, 'CPU')}, ${formatMiB(machine.memoryMiB)}`,
    ...(machine.podCidr === undefined ? [] : [`pods ${machine.podCidr}`]),
    ...(controlPlane && machine.schedulable ? ['runs pods, too'] : []),
    ...(holdsEndpoint(cluster, machine) ? ['● API endpoint'] : []),
  ].map(shorten);
}

function holdsEndpoint({ endpoint }: Cluster, machine: Machine): boolean {
  return endpoint?.kind === 'vip' ? machine.balancer !== undefined : endpoint?.address === machine.address;
}

function drawHost({ networking: { hostOnly } }: Cluster): string[] {
  const text = `this host   ${hostOnly.hostAddress}`;
  const bridge = hostOnly.bridge === '' ? '' : `, bridge ${hostOnly.bridge}`;
  const left = ' '.repeat(trunkColumn - 2);
  const bar = '─'.repeat(text.length);
  return [
    `${left}┌─${bar}─┐`,
    `${left}│ ${text} │`,
    `${left}└─┬${bar}┘`,
    `${left}  │ host-only network ${hostOnly.cidr}${bridge}`,
  ];
}

/** One branch of the trunk with its boxes hanging from it. */
function drawRow(row: BoxText[], inner: number, last: boolean): string[] {
  const width = inner + 4;
  const middle = Math.floor(width / 2);
  const height = Math.max(...row.map((box) => box.length));
  const trunk = `${' '.repeat(trunkColumn)}${last ? ' ' : '│'}${' '.repeat(firstBoxColumn - trunkColumn - 1)}`;
  const boxes = (draw: (box: BoxText) => string): string => trunk + row.map(draw).join(' '.repeat(gap));
  const branch = row
    .map((_, index) => {
      const end = index === row.length - 1;
      const before = '─'.repeat(index === 0 ? firstBoxColumn - trunkColumn - 1 + middle : width + gap - 1);
      return `${before}${end ? '┐' : '┬'}`;
    })
    .join('');
  return [
    `${' '.repeat(trunkColumn)}${last ? '└' : '├'}${branch}`,
    boxes(() => `┌${'─'.repeat(middle - 1)}┴${'─'.repeat(width - middle - 2)}┐`),
    ...Array.from({ length: height }, (_, line) => boxes((box) => `│ ${(box[line] ?? '').padEnd(inner)} │`)),
    boxes(() => `└${'─'.repeat(width - 2)}┘`),
    ...(last ? [] : [trunk]),
  ];
}

function legend({ endpoint, loadBalancer, networking: { nat } }: Cluster): string[] {
  const holder = loadBalancer && roleNames[loadBalancer.on];
  const held = endpoint?.kind === 'vip' && holder ? `, a virtual address held by one ${holder}` : '';
  return [
    ...(endpoint ? [`  ● API endpoint https://${endpoint.hostPort}${held}`] : []),
    `  Each machine also has a NAT adapter to the internet, ${nat.address === '' ? `in ${nat.cidr}` : `with ${nat.address} on every one of them`}.`,
  ];
}

function shorten(text: string): string {
  return text.length <= widestText ? text : `${text.slice(0, widestText - 1)}…`;
}
