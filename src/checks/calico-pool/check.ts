import { calicoNamespace, makePool } from '../calico.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, judgeCluster, word } from '../look.js';

export const check: Check = {
  id: 'calico-pool',
  title: "Calico's address pool is the planned podSubnet",
  layer: 'cni',
  applies: (cluster) => isKubernetes(cluster) && cluster.cni.name === 'calico',
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ ipPools }): Finding[] | undefined => {
      if (!ipPools) return undefined;
      const { podSubnet } = cluster.networking;
      const pools = ipPools.filter((pool) => pool.cidr.includes('.') && !pool.disabled);
      const evidence = ipPools.map(
        (pool) => `${pool.name}: ${pool.cidr}${pool.disabled ? ' (disabled)' : ''}`,
      );
      if (pools.length === 0) {
        return [
          {
            code: 'K8S_CALICO_POOL_MISSING',
            severity: 'failed',
            message: `Calico has no address pool in use; planned is ${podSubnet}.`,
            evidence: evidence.length > 0 ? evidence : ['ippools.crd.projectcalico.org: none'],
            fix: [`k8slab kubectl -- -n ${calicoNamespace(cluster)} logs -l k8s-app=calico-node --tail 20`],
          },
        ];
      }
      return pools
        .filter((pool) => pool.cidr !== podSubnet)
        .map((pool) => ({
          code: 'K8S_CALICO_POOL',
          severity: 'failed',
          message: `Calico's pool ${pool.name} is ${pool.cidr}, planned is ${podSubnet}.`,
          evidence,
          fix: [
            `k8slab kubectl -- delete ippools.crd.projectcalico.org ${word(pool.name, 'pool')}`,
            ...makePool(cluster),
          ],
        }));
    }),
};
