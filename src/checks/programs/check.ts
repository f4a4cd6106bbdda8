import type { ProgramFacts } from '../../collect/programFacts.js';
import type { Cluster, Machine, PlannedProgram } from '../../plan/cluster.js';
import { programsOn } from '../../plan/programs.js';
import { lookAtProgram } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { withoutMember } from '../etcdMembers.js';
import { isNode, judgeMachines, onMachine } from '../look.js';

/** What tells who runs and who does not when the API itself cannot be asked any more. */
export const check: Check = {
  id: 'programs',
  title: 'The programs of Kubernetes run on their machines',
  layer: 'control-plane',
  follows: { here: ['address', 'kubelet', 'runtime'], anywhere: ['api-address'] },
  applies: ({ bootstrap }) => (bootstrap.programs ?? []).length > 0,
  evaluate: (cluster, snapshot) => {
    const removed = withoutMember(cluster, snapshot);
    return judgeMachines(
      cluster,
      snapshot,
      (machine) => isNode(machine) && programsOn(cluster, machine).length > 0,
      (machine, { programs }) =>
        programs == null ? undefined : judge(cluster, machine, programs, removed.includes(machine)),
    );
  },
};

/** A program follows from those it needs: each is judged after them. `removed`: etcd ends at each start, for it is no member any more. */
function judge(
  cluster: Cluster,
  machine: Machine,
  seen: readonly ProgramFacts[],
  removed: boolean,
): Finding[] {
  const found = new Map<string, Finding>();
  for (const program of programsOn(cluster, machine)) {
    const facts = seen.find(({ name }) => name === program.name);
    const fault = facts && faultOf(program, facts);
    if (!fault) continue;
    const causes = program.needs.flatMap((name) => {
      const needed = found.get(name);
      return needed ? [needed.code, ...(needed.consequenceOf ?? [])] : [];
    });
    if (removed && program.name === 'etcd') causes.push('K8S_ETCD_MEMBERS');
    found.set(program.name, {
      severity: 'failed',
      machine: machine.name,
      ...fault.finding(cluster, machine.name),
      // One that was taken away or stopped was so by somebody.
      ...(fault.itself && causes.length > 0 && { consequenceOf: [...new Set(causes)] }),
    });
  }
  return [...found.values()];
}

interface Fault {
  /** Whether it ended by itself. */
  itself: boolean;
  finding: (
    cluster: Cluster,
    machine: string,
  ) => Pick<Finding, 'code' | 'message' | 'evidence'> & { fix: string[] };
}

function faultOf({ name, runs, file }: PlannedProgram, facts: ProgramFacts): Fault | undefined {
  const what = runs === 'unit' ? 'unit' : 'manifest';
  const { present, active, running } = facts;
  // What has no file any more goes on for a while, and is not started again.
  if (!present) {
    return {
      itself: false,
      finding: (_, machine) => ({
        code: 'K8S_PROGRAM_MISSING',
        message: `${name} is not set up on ${machine}: its ${what} ${file} is not there.`,
        evidence: [`${file}: not there; a process of ${name}: ${running ? 'runs' : 'none'}`],
        fix:
          runs === 'unit'
            ? [`k8slab provision ${machine}`]
            : [
                onMachine(
                  machine,
                  `"sudo find /etc/kubernetes /root /tmp -name '${name}*.yaml' -not -path ${file} | head -n 1 | xargs -r -I{} sudo mv {} ${file}"`,
                ),
                'k8slab verify --wait 4m',
              ],
      }),
    };
  }
  if (active === 'inactive') {
    return {
      itself: false,
      finding: (_, machine) => ({
        code: 'K8S_PROGRAM_STOPPED',
        message: `${name} on ${machine} is stopped, must be active.`,
        evidence: [`systemctl is-active ${name}: inactive`, ...facts.log.slice(-1).map(wordsOf)],
        fix: [onMachine(machine, `sudo systemctl enable --now ${name}`)],
      }),
    };
  }
  if (runs === 'unit' ? active === 'active' : running) return undefined;
  return {
    itself: true,
    finding: (cluster, machine) => ({
      code: 'K8S_PROGRAM_FAILING',
      message: `${name} on ${machine} does not run: it ends again after each start, or never started.`,
      evidence: [
        runs === 'unit'
          ? `systemctl is-active ${name}: ${active ?? 'unknown'}`
          : `${file} is there; no process of ${name}`,
        ...facts.log.slice(-5).map(wordsOf),
      ],
      fix: [
        ...(runs === 'unit' ? [`k8slab provision ${machine}`] : []),
        ...lookAtProgram(cluster, machine, name),
      ],
    }),
  };
}

/** A container's log begins each line with its time and stream; etcd logs in JSON: of such a line, what it says and why. */
function wordsOf(logged: string): string {
  const line = logged.replace(/^\S+ std(?:out|err) [FP] /, '');
  const said = ['msg', 'error'].flatMap(
    (key) => new RegExp(`"${key}":"((?:[^"\\\\]|\\\\.)*)`).exec(line)?.[1] ?? [],
  );
  return line.startsWith('{') && said.length > 0 ? said.join(': ') : line;
}
