import type { Check } from '../check.js';
import { isKubernetes, judgeCluster } from '../look.js';

export const check: Check = {
  id: 'calico-mesh',
  title: 'Calico makes every node a peer of every other',
  layer: 'cni',
  applies: (cluster) => isKubernetes(cluster) && cluster.cni.name === 'calico',
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ nodeToNodeMesh }) => {
      if (nodeToNodeMesh === null) return undefined;
      if (nodeToNodeMesh !== false) return [];
      return [
        {
          code: 'K8S_BGP_MESH_OFF',
          severity: 'failed',
          message:
            'Calico is told not to make nodes peers of each other: no node learns where the pods of others are.',
          evidence: ['BGPConfiguration default: nodeToNodeMeshEnabled: false'],
          fix: [
            `k8slab kubectl -- patch bgpconfigurations.crd.projectcalico.org default --type merge --patch '{"spec":{"nodeToNodeMeshEnabled":true}}'`,
            'k8slab verify --wait 3m',
          ],
        },
      ];
    }),
};
