import { controlPlanes } from '../plan/balancers.js';
import type { Cluster } from '../plan/cluster.js';

/** Whether Calico's own operator made its parts, and puts back what is changed in them by hand. */
export const hasOperator = ({ cni }: Cluster): boolean => cni.options.install === 'operator';

/** Where Calico's parts are. */
export const calicoNamespace = (cluster: Cluster): string =>
  hasOperator(cluster) ? 'calico-system' : 'kube-system';

/** What starts calico-node anew on a machine. */
export const restartCalico = (cluster: Cluster, machine: string): string =>
  `k8slab kubectl -- -n ${calicoNamespace(cluster)} delete pods -l k8s-app=calico-node --field-selector spec.nodeName=${machine}`;

/** What gives Calico the planned range of pods once its pool is gone: each who made the first one makes it anew. */
export function makePool(cluster: Cluster): string[] {
  return hasOperator(cluster)
    ? controlPlanes(cluster)
        .slice(0, 1)
        .map(({ name }) => `k8slab provision ${name}`)
    : [
        `k8slab kubectl -- -n kube-system set env daemonset/calico-node CALICO_IPV4POOL_CIDR=${cluster.networking.podSubnet}`,
      ];
}
