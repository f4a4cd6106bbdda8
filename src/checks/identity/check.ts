import type { MachineSnapshot } from '../../collect/snapshot.js';
import type { ErrorCode } from '../../errors/catalogue/index.js';
import type { Cluster, Machine } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { listed, onMachine, plannedInterface, reached } from '../look.js';

/** What must differ between machines. Source: kubeadm, "Verify the MAC address and product_uuid are unique for every node". */
interface Trait {
  code: ErrorCode;
  what: string;
  of: (machine: Machine, facts: MachineSnapshot) => string | null | undefined;
  fix: (machine: Machine, cluster: Cluster) => string[];
  /** Machines of lxc see the host's firmware. */
  notOn?: string;
}

const traits: readonly Trait[] = [
  {
    code: 'GUEST_MACHINE_ID_SHARED',
    what: 'machine-id',
    of: (_, { condition }) => condition?.identity?.machineId,
    fix: ({ name }) => [
      onMachine(
        name,
        "'sudo rm -f /etc/machine-id /var/lib/dbus/machine-id && sudo systemd-machine-id-setup'",
      ),
      `k8slab halt ${name}`,
      `k8slab up ${name}`,
    ],
  },
  {
    code: 'GUEST_PRODUCT_UUID_SHARED',
    what: 'product_uuid',
    of: (_, { condition }) => condition?.identity?.productUuid,
    fix: ({ name }) => [`k8slab destroy ${name} --yes`, `k8slab up ${name}`],
    notOn: 'lxc',
  },
  {
    code: 'GUEST_MAC_SHARED',
    what: 'MAC address of the host-only adapter',
    of: (machine, facts) => plannedInterface(machine, facts)?.mac,
    fix: ({ name }) => [`k8slab halt ${name}`, `k8slab up ${name}`],
  },
];

export const check: Check = {
  id: 'identity',
  title: 'No two machines are taken for one',
  layer: 'machine',
  applies: ({ machines }) => machines.length > 1,
  evaluate: (cluster, snapshot) => {
    const machines = reached(cluster, snapshot);
    if (machines.length === 0) return { unknown: 'no machine that could tell was reached' };
    return traits
      .filter(({ notOn }) => notOn !== cluster.provider)
      .flatMap((trait) => {
        const seen = machines.map(({ machine, facts }) => ({ machine, value: trait.of(machine, facts) }));
        return seen.flatMap(({ machine, value }, index): Finding[] => {
          const first = value ? seen.findIndex((one) => one.value === value) : index;
          return first === index || !value ? [] : [shared(cluster, trait, machine, seen, value)];
        });
      });
  },
};

/** One finding for each machine but the first of those that share it: that one may keep it. */
function shared(
  cluster: Cluster,
  { code, what, fix }: Trait,
  machine: Machine,
  seen: readonly { machine: Machine; value: string | null | undefined }[],
  value: string,
): Finding {
  const others = seen.filter((one) => one.value === value && one.machine !== machine);
  return {
    code,
    severity: 'failed',
    machine: machine.name,
    message: `${machine.name} has the same ${what} as ${listed(others.map((one) => one.machine.name))}.`,
    evidence: seen
      .filter((one) => one.value === value)
      .map(
        (one) => `${one.machine.name}: ${what} ${what.startsWith('MAC') ? value : `with the sum ${value}`}`,
      ),
    fix: fix(machine, cluster),
  };
}
