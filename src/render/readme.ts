import type { Assets } from '../assets/manifests.js';
import type { Cluster } from '../plan/cluster.js';
import { roleName } from '../plan/topology.js';
import { clusterContext } from './context.js';
import { assetText, fillTemplate } from './templates.js';
import { vagrantContext } from './vagrantfile.js';

/** Text of the lab's README.md: topology, addresses, and what to try, by bootstrap and CNI. */
export function renderReadme(cluster: Cluster, assets: Assets, picture: string): string {
  const context = {
    ...vagrantContext(cluster),
    ...clusterContext(cluster),
    machines: cluster.machines.map((machine) => ({ ...machine, role: roleName(cluster, machine.role) })),
    picture,
  };
  return fillTemplate(assets, 'box-templates/lab-readme.hbs', context, {
    tryBootstrap: assetText(assets, `provision-scripts/bootstrap/${cluster.bootstrap.name}/readme.md.hbs`),
    tryLoadBalancer: cluster.loadBalancer
      ? assetText(assets, `provision-scripts/load-balancer/${cluster.loadBalancer.name}/readme.md.hbs`)
      : '',
    byHandBalancer: cluster.loadBalancer
      ? (assets.texts[`provision-scripts/load-balancer/${cluster.loadBalancer.name}/by-hand.md.hbs`] ?? '')
      : '',
    tryCni: assetText(assets, `provision-scripts/cni/${cluster.cni.name}/readme.md.hbs`),
  });
}
