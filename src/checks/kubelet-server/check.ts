import { controlPlanes } from '../../plan/balancers.js';
import type { Cluster, Machine } from '../../plan/cluster.js';
import type { Check } from '../check.js';
import { isKubernetes, isNat, isNode, judgeMachines, onMachine } from '../look.js';

const file = '/etc/kubernetes/kubelet.conf';

/** Where a kubelet may report to: the endpoint, or on a control plane its own API server. */
function allowed(cluster: Cluster, machine: Machine): string[] {
  return [
    ...(cluster.endpoint ? [cluster.endpoint.address] : []),
    ...controlPlanes(cluster).map(({ address }) => address),
    ...(machine.role === 'control-plane' ? ['127.0.0.1'] : []),
  ];
}

export const check: Check = {
  id: 'kubelet-server',
  title: 'Kubelets report to the planned API server',
  layer: 'runtime',
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeMachines(cluster, snapshot, isNode, (machine, { kubelet }) => {
      const { name } = machine;
      const server = kubelet?.server;
      const address = /^https?:\/\/([0-9.]+):\d+\/?$/.exec(server ?? '')?.[1];
      if (!server || address === undefined || allowed(cluster, machine).includes(address)) return [];
      const nat = isNat(cluster, address);
      const planned = `https://${cluster.endpoint?.hostPort ?? ''}`;
      return [
        {
          code: nat ? 'GUEST_KUBELET_SERVER_NAT' : 'GUEST_KUBELET_SERVER',
          severity: 'failed',
          machine: name,
          message: `The kubelet on ${name} looks for the API at ${address}${nat ? ', the NAT adapter that every machine has: it asks itself' : ''}; planned is ${planned}.`,
          evidence: [`${file}: server: ${server}`],
          fix: [
            onMachine(name, `sudo sed -i 's#server: .*#server: ${planned}#' ${file}`),
            onMachine(name, 'sudo systemctl restart kubelet'),
          ],
        },
      ];
    }),
};
