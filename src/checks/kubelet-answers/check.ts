import type { ErrorCode } from '../../errors/catalogue/index.js';
import { controlPlanes } from '../../plan/balancers.js';
import type { Cluster, Machine } from '../../plan/cluster.js';
import { areUnits, letApiServersIn, restartKubelet } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNode, judgeCluster, onMachine } from '../look.js';

/** `logs`, `exec` and `port-forward` go from the API server to the kubelet: whoever answers one question there answers them all. */
export const check: Check = {
  id: 'kubelet-answers',
  title: 'The API reaches every kubelet, for logs and exec',
  layer: 'nodes',
  follows: {
    here: [
      'reachable',
      'address',
      'firewall',
      'runtime',
      'kubelet',
      'kubelet-name',
      'kubelet-server',
      'node-addresses',
      'nodes-registered',
      'nodes-ready',
    ],
    anywhere: ['certificates', 'clock', 'api-address', 'api-answers'],
  },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ askedOn, kubelets }) => {
      // Absent in older snapshots.
      if (kubelets === undefined) return [];
      if (kubelets === null) return undefined;
      // The API server's own kubelet is near: where not even that one answers in time, the machine is busy.
      const everyoneLate = kubelets.every(({ ok }) => !ok);
      return cluster.machines.filter(isNode).flatMap((machine): Finding[] => {
        const answer = kubelets.find(({ node }) => node === machine.name);
        if (!answer || answer.ok || (everyoneLate && isLate(answer.said))) return [];
        const cause = causes.find(({ words }) => words.test(answer.said));
        // A node that is not there, or a kubelet that answers that it is not well, is found by other checks.
        return cause
          ? [
              {
                code: cause.code,
                severity: 'failed',
                machine: machine.name,
                message: `The API server on ${askedOn} cannot ask the kubelet on ${machine.name}, so logs and exec fail there: ${cause.what}.`,
                evidence: [`kubectl get --raw /api/v1/nodes/${machine.name}/proxy/healthz: ${answer.said}`],
                fix: cause.fix(cluster, machine, askedOn),
              },
            ]
          : [];
      });
    }),
};

/** kubectl gave up waiting for the API server, which dials for 30 s. */
const isLate = (said: string): boolean => said.includes('Client.Timeout exceeded');

interface Cause {
  words: RegExp;
  code: ErrorCode;
  what: string;
  fix: (cluster: Cluster, machine: Machine, askedOn: string) => string[];
}

/** In the words of Go's net and crypto packages, and of the kubelet. */
const causes: readonly Cause[] = [
  {
    words: /x509|tls: /,
    code: 'K8S_KUBELET_CERTIFICATE',
    what: 'its certificate is not accepted',
    fix: (cluster, { name }) =>
      areUnits(cluster)
        ? [`k8slab provision ${name}`, restartKubelet(name)]
        : // kubeadm's kubelets sign their own certificates: nobody checks them unless told to.
          controlPlanes(cluster).map((machine) =>
            onMachine(
              machine.name,
              "sudo sed -i '/--kubelet-certificate-authority/d' /etc/kubernetes/manifests/kube-apiserver.yaml",
            ),
          ),
  },
  {
    words: /connection refused/,
    code: 'K8S_KUBELET_PORT_REFUSED',
    what: 'nobody listens at its port',
    fix: (_, { name }) => [
      restartKubelet(name),
      onMachine(name, "'sudo ss -lntp | grep 10250; sudo iptables -S INPUT'"),
    ],
  },
  {
    words: /timeout|timed out|deadline exceeded|awaiting headers|no route to host|network is unreachable/i,
    code: 'K8S_KUBELET_PORT_SILENT',
    what: 'TCP 10250 gives no answer',
    fix: ({ machines }, { name }, askedOn) =>
      machines
        .filter((one) => one.name === name || one.name === askedOn)
        .map((one) =>
          onMachine(one.name, "'sudo iptables -S; sudo nft list ruleset | grep -n -e drop -e reject'"),
        ),
  },
  {
    words: /Unauthorized|Forbidden|must be logged in/i,
    code: 'K8S_KUBELET_DENIES',
    what: 'it does not let it in',
    fix: (cluster, { name }) => letApiServersIn(cluster, name),
  },
];
