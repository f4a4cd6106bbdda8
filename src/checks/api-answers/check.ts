import type { ApiAnswer } from '../../collect/snapshot.js';
import type { Cluster } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNat, judgeMachines, onMachine, reached } from '../look.js';

export const check: Check = {
  id: 'api-answers',
  title: 'Every machine reaches every API server and the endpoint',
  layer: 'control-plane',
  follows: { here: ['address'], anywhere: ['kubelet', 'runtime', 'address'] },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) => {
    // A control plane that is not reached over ssh is known to be gone already.
    const alive = new Set(reached(cluster, snapshot).map(({ machine }) => machine.name));
    return judgeMachines(
      cluster,
      snapshot,
      () => true,
      ({ name }, { api }) => {
        if (!api?.controlPlanes) return undefined;
        return [
          ...api.controlPlanes
            .filter((answer) => alive.has(answer.machine) && !answer.ok)
            .map((answer) => serverSilent(cluster, name, answer.machine, answer)),
          ...endpointFindings(cluster, name, api.endpoint, alive),
        ];
      },
    );
  },
};

function serverSilent(cluster: Cluster, from: string, server: string, answer: ApiAnswer): Finding {
  return {
    code: 'K8S_API_UNREACHABLE',
    severity: 'failed',
    machine: from,
    message: `From ${from}, the API server of ${server} does not answer at ${answer.url}.`,
    evidence: [`${answer.url}: ${answer.answer ?? 'no answer'}`, ...natHint(cluster, answer)],
    fix: [
      onMachine(server, 'sudo crictl ps -a --name kube-apiserver'),
      onMachine(server, 'sudo journalctl -u kubelet -n 50 --no-pager'),
      onMachine(from, `curl -k ${answer.url}`),
    ],
  };
}

/** The endpoint counts on its own only where something stands in front of the API servers. */
function endpointFindings(
  cluster: Cluster,
  from: string,
  answer: ApiAnswer | null,
  alive: Set<string>,
): Finding[] {
  const { endpoint } = cluster;
  if (!endpoint || endpoint.kind === 'control-plane' || answer === null || answer.ok) return [];
  const holders = cluster.machines.filter(
    (machine) => machine.role === 'load-balancer' && alive.has(machine.name),
  );
  const what = endpoint.kind === 'vip' ? 'the virtual address' : 'the load balancer';
  return [
    {
      code: 'K8S_ENDPOINT_UNREACHABLE',
      severity: 'failed',
      machine: from,
      message: `From ${from}, the API does not answer through ${what} ${endpoint.hostPort}.`,
      evidence: [`${answer.url}: ${answer.answer ?? 'no answer'}`],
      fix: [
        ...holders.map(({ name }) => onMachine(name, 'systemctl status haproxy keepalived')),
        onMachine(from, `curl -k ${answer.url}`),
      ],
    },
  ];
}

function natHint(cluster: Cluster, answer: ApiAnswer): string[] {
  const addresses = (answer.answer ?? '').match(/\d+\.\d+\.\d+\.\d+/g) ?? [];
  return addresses.some((address) => isNat(cluster, address))
    ? [`${cluster.networking.nat.address} is the NAT adapter of whichever machine asks: it talks to itself.`]
    : [];
}
