import type { ProbePod } from '../../collect/snapshotProbes.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, onMachine } from '../look.js';
import { judgeProbes } from '../probes.js';

export const check: Check = {
  id: 'probe-pods',
  title: 'A new pod starts on every node, with an address of its own',
  layer: 'cni',
  applies: isKubernetes,
  evaluate: (_, snapshot) => {
    const refused = snapshot.probes?.refused;
    if (refused !== undefined) return [notTaken(refused)];
    return judgeProbes(snapshot, ({ pods }) =>
      pods
        ? pods.filter(({ ready }) => !ready).map((pod) => notStarted(pod))
        : { unknown: 'the API did not list the pods in time' },
    );
  },
};

function notTaken(words: string): Finding {
  return {
    code: 'K8S_PROBE_REFUSED',
    severity: 'failed',
    message: 'The API did not take a namespace with a pod for every node.',
    evidence: [words],
    fix: [
      'k8slab kubectl -- get validatingwebhookconfigurations,mutatingwebhookconfigurations',
      'k8slab kubectl -- -n kube-system get pods -o wide',
    ],
  };
}

function notStarted({ machine, phase, reason }: ProbePod): Finding {
  const node = machine ?? 'no node';
  return {
    code: 'K8S_PROBE_POD',
    severity: 'failed',
    ...(machine !== null && { machine }),
    message: `A new pod on ${node} does not start: it is ${phase}.`,
    evidence: [reason ?? 'no reason given'],
    fix: [
      `k8slab provision ${node}`,
      onMachine(node, 'sudo journalctl -u kubelet -n 30 --no-pager'),
      onMachine(node, 'ls -l /etc/cni/net.d /opt/cni/bin'),
    ],
  };
}
