import type { KubectlTry } from '../../collect/snapshotProbes.js';
import type { ErrorCode } from '../../errors/catalogue/index.js';
import type { Cluster } from '../../plan/cluster.js';
import { runtimeService } from '../../plan/runtime.js';
import { areUnits, letApiServersIn, restartKubelet } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, listed, onMachine } from '../look.js';
import { asOne, judgeProbes } from '../probes.js';

/**
 * That the API server reaches a kubelet is not all of it: for `logs` the kubelet reads files, and for `exec` it asks the container
 * runtime, whose streaming server carries what the program says.
 */
export const check: Check = {
  id: 'exec-and-logs',
  title: 'Logs and exec work for a pod on every node',
  layer: 'nodes',
  follows: {
    here: ['runtime', 'cri', 'kubelet', 'nodes-ready', 'kubelet-answers'],
    anywhere: ['api-answers'],
  },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeProbes(snapshot, ({ pods, tries }) => {
      if (!tries) return { notAsked: 'this snapshot was taken by a k8slab that did not try them' };
      if (pods && !pods.some(({ ready }) => ready)) return { notAsked: 'no pod of our own runs' };
      // Where not even the pod beside the API server answers, that machine is busy.
      if (tries.length > 0 && tries.every(isLate))
        return { unknown: 'no kubectl came to an end: the control plane is busy' };
      const findings = together(cluster, tries);
      if (!pods) return { unknown: 'the API did not list the pods in time', findings };
      const silent = pods.flatMap(({ ready, machine }) =>
        ready && machine !== null && tries.filter((one) => one.machine === machine).length < 2
          ? [machine]
          : [],
      );
      return silent.length === 0
        ? findings
        : { unknown: `kubectl was not tried with the pods on ${listed(silent)}`, findings };
    }),
};

const isLate = ({ ok, said }: KubectlTry): boolean =>
  !ok && /^no answer within |Client\.Timeout exceeded|deadline exceeded/.test(said);

/** A sandbox image of one's own may hold another program: that it is not there is an answer of the runtime. */
const isAnswered = ({ verb, ok, said }: KubectlTry): boolean =>
  ok || (verb === 'exec' && /[\s"'`]\/pause\b.*(not found|no such file)/i.test(said));

/** A finding for each machine, or one for the cluster when all have the same. */
function together(cluster: Cluster, tries: readonly KubectlTry[]): Finding[] {
  const names = [...new Set(tries.map(({ machine }) => machine))];
  const findings = names.flatMap((name) => {
    const failed = tries.filter((one) => one.machine === name && !isAnswered(one));
    return failed.length === 0 ? [] : [findingOf(cluster, name, failed)];
  });
  const [first] = findings;
  const same = findings.every(({ code }) => code === first?.code);
  return same && names.length > 1 && findings.length === names.length
    ? asOne(
        findings,
        `${verbsOf(tries.filter((one) => !isAnswered(one)))} on every node, although all kubelets answer the API server.`,
        [...new Set(findings.flatMap(({ fix = [] }) => fix))],
      )
    : findings;
}

function findingOf(cluster: Cluster, machine: string, failed: readonly KubectlTry[]): Finding {
  const { code, fix } = causes.find(({ explains }) => explains(failed)) ?? brokenLogs;
  return {
    code,
    severity: 'failed',
    machine,
    message: `${verbsOf(failed)} for a pod on ${machine}, although its kubelet answers the API server.`,
    evidence: failed.map(({ verb, said }) => `kubectl ${verb}: ${pointOf(said)}`),
    fix: fix(cluster, machine),
  };
}

/** Without what all such errors begin with: terminals show the beginning of a line. */
const pointOf = (said: string): string =>
  said
    .replace(
      /^((error|Error from server( \(\w+\))?|Internal error occurred|unable to upgrade connection): )+/,
      '',
    )
    .replace(/^.*(?=OCI runtime )/, '');

/** `kubectl exec fails`, `kubectl logs and exec fail` */
function verbsOf(failed: readonly KubectlTry[]): string {
  const verbs = ['logs', 'exec'].filter((wanted) => failed.some(({ verb }) => verb === wanted));
  return `kubectl ${listed(verbs)} fail${verbs.length === 1 ? 's' : ''}`;
}

interface Cause {
  code: ErrorCode;
  explains: (failed: readonly KubectlTry[]) => boolean;
  fix: (cluster: Cluster, machine: string) => string[];
}

const says =
  (words: RegExp): Cause['explains'] =>
  (failed) =>
    failed.some(({ said }) => words.test(said));

/** Containers go on meanwhile. */
function restartBoth(cluster: Cluster, machine: string): string[] {
  const { unit } = runtimeService(cluster);
  return [
    onMachine(machine, `sudo systemctl restart ${unit} kubelet`),
    onMachine(machine, `sudo journalctl -u ${unit} -u kubelet -n 30 --no-pager`),
  ];
}

const brokenLogs: Cause = {
  code: 'K8S_LOGS_FAIL',
  explains: () => true,
  fix: (cluster, machine) => [
    ...restartBoth(cluster, machine),
    onMachine(machine, "'sudo ls -lR /var/log/pods | head -n 40; df -h /var/log'"),
  ],
};

/** In the words of the kubelet and the API server; the first that fits counts. */
const causes: readonly Cause[] = [
  {
    code: 'K8S_KUBELET_HANDLERS_OFF',
    explains: says(/Debug endpoints are disabled|does not allow this method/),
    fix: (cluster, machine) => [
      onMachine(
        machine,
        `sudo sed -i '/^enableDebuggingHandlers:/d' ${areUnits(cluster) ? '/etc/kubernetes/kubelet.yaml' : '/var/lib/kubelet/config.yaml'}`,
      ),
      restartKubelet(machine),
    ],
  },
  {
    code: 'K8S_KUBELET_DENIES',
    explains: says(/Unauthorized|Forbidden \(user=|must be logged in/),
    fix: letApiServersIn,
  },
  {
    code: 'K8S_EXEC_FAILS',
    explains: (failed) => failed.some(({ verb }) => verb === 'exec'),
    fix: (cluster, machine) => [
      ...restartBoth(cluster, machine),
      onMachine(machine, 'findmnt --target /run'),
    ],
  },
];
