import { programOf } from '../../plan/programs.js';
import type { Check } from '../check.js';
import { isKubernetes, judgeMachines, onMachine } from '../look.js';

/** Too small a range leaves nodes without one, another one gives pods addresses that nothing routes. */
export const check: Check = {
  id: 'cluster-cidr',
  title: 'The controller manager hands out the planned podSubnet',
  layer: 'control-plane',
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeMachines(
      cluster,
      snapshot,
      ({ role }) => role === 'control-plane',
      ({ name }, { api }) => {
        const seen = api?.clusterCidr;
        const { podSubnet } = cluster.networking;
        if (!seen || seen === podSubnet) return [];
        const { runs, file } = programOf(cluster, 'kube-controller-manager');
        return [
          {
            code: 'K8S_CLUSTER_CIDR',
            severity: 'failed',
            machine: name,
            message: `The controller manager of ${name} hands out ranges of ${seen}; planned is ${podSubnet}.`,
            evidence: [`--cluster-cidr=${seen}`],
            fix: [
              runs === 'unit'
                ? `k8slab provision ${name}`
                : onMachine(name, `sudo sed -i 's#--cluster-cidr=.*#--cluster-cidr=${podSubnet}#' ${file}`),
              'k8slab verify --wait 4m',
            ],
          },
        ];
      },
    ),
};
