import type { ClusterSnapshot, MachineSnapshot, NodeFacts, Snapshot } from '../collect/snapshot.js';
import { containsAddress, parseAddress, parseCidr } from '../lab/cidr.js';
import type { Cluster, Machine } from '../plan/cluster.js';
import type { Answer, Finding } from './check.js';

/** Machines that are nodes, or would be if there were a Kubernetes: all but load balancers. */
export const isNode = (machine: Machine): boolean => machine.role !== 'load-balancer';

/** Whether the lab is a Kubernetes cluster. */
export const isKubernetes = (cluster: Cluster): boolean => cluster.kubernetes !== undefined;

/**
 * Whether the lab is as it was made: without a CNI, and nobody has added one yet, for then some node would be Ready.
 */
export const leavesCniOut = (cluster: Cluster, nodes: readonly NodeFacts[] | null): boolean =>
  cluster.cni.name === 'none' && nodes !== null && !nodes.some(({ ready }) => ready);

/** Machines of the lab that were reached, in boot order, with what was seen there. */
export function reached(
  cluster: Cluster,
  snapshot: Snapshot,
  wanted: (machine: Machine) => boolean = () => true,
): { machine: Machine; facts: MachineSnapshot }[] {
  return cluster.machines.filter(wanted).flatMap((machine) => {
    const facts = Object.hasOwn(snapshot.machines, machine.name)
      ? snapshot.machines[machine.name]
      : undefined;
    return facts?.reachable ? [{ machine, facts }] : [];
  });
}

/**
 * Asks every wanted machine that was reached; `judge` gives undefined where what it needs could not be read.
 * Machines that were not reached are left out: that is the finding of the check `reachable`.
 */
export function judgeMachines(
  cluster: Cluster,
  snapshot: Snapshot,
  wanted: (machine: Machine) => boolean,
  judge: (machine: Machine, facts: MachineSnapshot) => Finding[] | undefined,
): Answer {
  const machines = reached(cluster, snapshot, wanted);
  if (machines.length === 0) return { unknown: 'no machine that could tell was reached' };
  const answers = machines.map(({ machine, facts }) => ({
    name: machine.name,
    findings: judge(machine, facts),
  }));
  const findings = answers.flatMap((answer) => answer.findings ?? []);
  const silent = answers.filter((answer) => answer.findings === undefined).map((answer) => answer.name);
  return silent.length === 0 ? findings : { unknown: `could not be read on ${silent.join(', ')}`, findings };
}

/** Asks the API's account of the cluster; `judge` gives undefined when the part it needs is missing. */
export function judgeCluster(
  cluster: Cluster,
  snapshot: Snapshot,
  judge: (facts: ClusterSnapshot) => Finding[] | undefined,
): Answer {
  if (!snapshot.cluster)
    return { unknown: `the Kubernetes API could not be asked${whyNot(cluster, snapshot)}` };
  return judge(snapshot.cluster) ?? { unknown: `kubectl on ${snapshot.cluster.askedOn} did not list them` };
}

function whyNot(cluster: Cluster, snapshot: Snapshot): string {
  const controlPlanes = reached(cluster, snapshot, (machine) => machine.role === 'control-plane');
  if (controlPlanes.length === 0) return ': no control plane was reached';
  const reasons = controlPlanes.flatMap(({ machine, facts }) =>
    facts.api?.kubectlError === undefined ? [] : [`${machine.name}: ${facts.api.kubectlError}`],
  );
  return reasons.length === 0 ? '' : ` (${reasons.join('; ')})`;
}

/** Whether an address belongs to the NAT adapter, where every machine has the same one. */
export function isNat(cluster: Cluster, address: string): boolean {
  const range = parseCidr(cluster.networking.nat.cidr);
  const number = parseAddress(address);
  return range !== undefined && number !== undefined && containsAddress(range, number);
}

/** `192.168.56.10/24` → `192.168.56.10` */
export const withoutPrefix = (address: string): string => address.split('/', 1)[0] ?? address;

/**
 * A value of a machine or a file as one word of a command, for people copy those into their shell. What is no plain word there is
 * left out: `<what>` stands for it, and evidence shows it.
 */
export const word = (value: string, what: string): string =>
  /^[\w@%+:,.][\w@%+=:,./-]*$/.test(value) ? value : `<${what}>`;

/** The same, of an address. */
export const addressWord = (value: string): string =>
  parseAddress(value) === undefined ? '<address>' : value;

/** A command for a machine of this lab, as a person types it in the lab folder. */
export const onMachine = (machine: string, command: string): string => `k8slab ssh ${machine} -- ${command}`;

/**
 * Whether a unit rests although its program is there: it was stopped, or never started since boot. One that fails is
 * `failed` or, between two tries, `activating`; one that is not installed is `inactive`, too.
 */
export const isStopped = (unit: { active: string | null; version: string | null }): boolean =>
  unit.active === 'inactive' && unit.version !== null;

/** Names in a sentence: `a`, `a and b`, `a, b and c`; `nothing` for none. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? 'nothing';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** Values as evidence shows them: `a, b`, or a word for none. */
export const shown = (values: readonly string[] | null | undefined, none = 'none'): string =>
  values && values.length > 0 ? values.join(', ') : none;

/** Interface of a machine that holds its planned address. */
export function plannedInterface(
  machine: Machine,
  facts: MachineSnapshot,
): NonNullable<NonNullable<MachineSnapshot['system']>['interfaces']>[number] | undefined {
  return facts.system?.interfaces?.find((link) =>
    link.addresses.some((address) => withoutPrefix(address) === machine.address),
  );
}
