import type { BalancerFacts } from '../../collect/snapshot.js';
import { balancers } from '../../plan/balancers.js';
import type { Check, Finding } from '../check.js';
import { judgeMachines, onMachine, reached, word } from '../look.js';

type Program = NonNullable<BalancerFacts['programs']>[number];

/** What one machine has, all must have: one that lost its static pod or package differs from the others. */
export const check: Check = {
  id: 'balancer-programs',
  title: 'What keeps the API reachable runs on every machine that has a part in it',
  layer: 'control-plane',
  follows: { here: ['address', 'kubelet', 'runtime'] },
  applies: (cluster) => balancers(cluster).length > 0,
  evaluate: (cluster, snapshot) => {
    const names = new Set(balancers(cluster).map(({ name }) => name));
    const wanted = new Set(
      reached(cluster, snapshot, ({ name }) => names.has(name)).flatMap(({ facts }) =>
        (facts.balancer?.programs ?? []).filter(isInstalled).map(({ name }) => name),
      ),
    );
    return judgeMachines(
      cluster,
      snapshot,
      ({ name }) => names.has(name),
      ({ name }, { balancer }) => {
        if (!balancer?.programs || wanted.size === 0) return undefined;
        return balancer.programs
          .filter((program) => wanted.has(program.name) && !program.running)
          .map((program) => stopped(name, program));
      },
    );
  },
};

const isInstalled = ({ how, running }: Program): boolean => how !== null || running;

function stopped(machine: string, { name, how }: Program): Finding {
  const program = word(name, 'program');
  const where = {
    unit: {
      is: `unit ${name}.service`,
      fix: [
        onMachine(machine, `sudo systemctl enable --now ${program}`),
        onMachine(machine, `sudo journalctl -u ${program} -n 30 --no-pager`),
      ],
    },
    'static-pod': {
      is: `static pod /etc/kubernetes/manifests/${name}.yaml`,
      fix: [
        onMachine(machine, `sudo crictl ps -a --name ${program}`),
        onMachine(machine, 'sudo journalctl -u kubelet -n 50 --no-pager'),
      ],
    },
    none: { is: 'neither a unit nor a static pod', fix: [`k8slab provision ${machine}`] },
  }[how ?? 'none'];
  return {
    code: 'K8S_BALANCER_STOPPED',
    severity: 'failed',
    machine,
    message: `${name} does not run on ${machine}.`,
    evidence: [`${where.is}; no process of ${name}`],
    fix: where.fix,
  };
}
