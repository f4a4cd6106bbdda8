import type { MachineSnapshot, Snapshot } from '../../collect/snapshot.js';
import type { Cluster, Machine } from '../../plan/cluster.js';
import { nameServerOf } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { listed, onMachine, reached, shown } from '../look.js';

/**
 * A machine whose name servers do not find what others find. Somebody must find it: where nobody does, this network has no way out,
 * and that is not the machine's fault. What this host finds counts only for labs that download: others may be kept in on purpose.
 */
export const check: Check = {
  id: 'outside-names',
  title: 'Names outside the lab resolve on its machines',
  layer: 'machine',
  follows: { here: ['address', 'default-route', 'firewall', 'name-servers'] },
  applies: () => true,
  evaluate: (cluster, snapshot) => {
    const machines = reached(cluster, snapshot);
    if (machines.length === 0) return { unknown: 'no machine that could tell was reached' };
    const asked = machines.flatMap(({ machine, facts }) =>
      facts.condition?.outsideNames ? [{ machine, facts, names: facts.condition.outsideNames }] : [],
    );
    const silent = asked.filter(({ names }) => names.length === 0);
    if (silent.length === 0) return [];
    const witness = witnessOf(cluster, snapshot, asked);
    if (witness === undefined) return { notAsked: 'nobody here finds names outside the lab' };
    return silent.map(({ machine, facts }) => finding(cluster, machine, facts, witness));
  },
};

interface Witness {
  who: string;
  names: readonly string[];
}

function witnessOf(
  cluster: Cluster,
  { host }: Snapshot,
  asked: readonly { machine: Machine; names: readonly string[] }[],
): Witness | undefined {
  const machine = asked.find(({ names }) => names.length > 0);
  if (machine) return { who: machine.machine.name, names: machine.names };
  const names = host?.outsideNames ?? [];
  return cluster.bundle || names.length === 0 ? undefined : { who: 'this host', names };
}

function finding(
  cluster: Cluster,
  { name }: Machine,
  { condition }: MachineSnapshot,
  { who, names }: Witness,
): Finding {
  const servers = condition?.nameServers ?? [];
  return {
    code: 'GUEST_NAMES_UNRESOLVED',
    severity: 'failed',
    machine: name,
    message: `${name} finds no name outside the lab; ${who} finds ${listed(names)}.`,
    evidence: [
      `/etc/resolv.conf: nameserver ${shown(servers)}`,
      `getent ahostsv4 ${names[0] ?? ''}: no address`,
    ],
    fix: servers.some((server) => server.startsWith('127.'))
      ? [onMachine(name, 'sudo systemctl restart systemd-resolved'), onMachine(name, 'resolvectl status')]
      : [onMachine(name, `'echo nameserver ${nameServerOf(cluster)} | sudo tee /etc/resolv.conf'`)],
  };
}
