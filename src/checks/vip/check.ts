import type { BalancerFacts, MachineSnapshot } from '../../collect/snapshot.js';
import { balancers, virtualAddress } from '../../plan/balancers.js';
import { lookAtBalancer, restartBalancer } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { listed, onMachine, reached, shown, withoutPrefix } from '../look.js';

export const check: Check = {
  id: 'vip',
  title: 'The virtual address is on exactly one machine',
  layer: 'control-plane',
  follows: { anywhere: ['address', 'kubelet', 'runtime', 'balancer-programs'] },
  applies: (cluster) => virtualAddress(cluster) !== undefined,
  evaluate: (cluster, snapshot) => {
    const address = virtualAddress(cluster) ?? '';
    const machines = reached(cluster, snapshot);
    const candidates = balancers(cluster).map(({ name }) => name);
    const seen = machines.map(({ machine: { name }, facts }) => ({ name, links: linksWith(facts, address) }));
    const asked = seen.filter(({ name, links }) => candidates.includes(name) && links !== null);
    if (asked.length === 0) return { unknown: 'no machine that may hold it could tell' };
    const holders = seen.filter(({ links }) => links !== null && links.length > 0);
    const unread = seen.filter(({ links }) => links === null).map(({ name }) => name);
    const gone = candidates.filter((name) => !seen.some((one) => one.name === name));
    const findings = judge(
      address,
      holders.map(({ name, links }) => ({ name, links: links ?? [] })),
      { asked: asked.map(({ name }) => name), gone },
      (name) => look(name, snapshot.machines[name]),
      (name) => restartBalancer(name, movers(snapshot.machines[name])),
    );
    return unread.length === 0
      ? findings
      : { unknown: `could not be read on ${unread.join(', ')}`, findings };
  },
};

/** Adapters of a machine that carry an address, as evidence; null when they could not be read. */
function linksWith({ system }: MachineSnapshot, address: string): string[] | null {
  return (
    system?.interfaces
      ?.filter(({ addresses }) => addresses.some((one) => withoutPrefix(one) === address))
      .map(({ name, addresses }) => `${name}: ${shown(addresses)}`) ?? null
  );
}

function judge(
  address: string,
  holders: { name: string; links: string[] }[],
  { asked, gone }: { asked: string[]; gone: string[] },
  lookAt: (machine: string) => string[],
  restart: (machine: string) => string[],
): Finding[] {
  if (holders.length === 1) return [];
  if (holders.length === 0) {
    return [
      {
        code: 'K8S_VIP_MISSING',
        severity: 'failed',
        message: `${address} is on none of ${listed(asked)}.`,
        evidence: [
          `looked at: ${listed(asked)}`,
          ...(gone.length > 0 ? [`not reached: ${listed(gone)}`] : []),
        ],
        fix: asked.flatMap(lookAt),
        ...(gone.length > 0 && { consequenceOf: ['GUEST_UNREACHABLE'] }),
      },
    ];
  }
  return [
    {
      code: 'K8S_VIP_SPLIT',
      severity: 'failed',
      message: `${address} is on ${listed(holders.map(({ name }) => name))}, must be on exactly one machine.`,
      evidence: holders.flatMap(({ name, links }) => links.map((link) => `${name}: ${link}`)),
      fix: [
        ...holders.flatMap(({ name }) => restart(name)),
        ...holders.map(({ name }) => onMachine(name, 'sudo iptables -S INPUT   # is vrrp (112) dropped?')),
        ...holders.flatMap(({ name }) => lookAt(name)),
      ],
    },
  ];
}

/** What moves the address there: haproxy does not. */
const movers = (facts: MachineSnapshot | undefined): BalancerFacts['programs'] =>
  facts?.balancer?.programs?.filter(({ name }) => name !== 'haproxy') ?? null;

/** Its addresses, and what moves one, as it is installed there. */
const look = (machine: string, facts: MachineSnapshot | undefined): string[] => [
  onMachine(machine, 'ip -4 -brief address'),
  ...lookAtBalancer(machine, movers(facts)),
];
