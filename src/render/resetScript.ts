import type { Assets } from '../assets/manifests.js';
import type { Cluster, Machine } from '../plan/cluster.js';
import type { Setting } from '../plan/plannedStep.js';
import { planReset } from '../plan/reset.js';
import { scriptParts } from './provisioner.js';
import { assetText, fillTemplate } from './templates.js';

/**
 * The script that takes one machine back to a bare one; run as root there. `whole`: every machine of the lab is reset, so that
 * nobody is left who must be told. Throws PLAN_MANIFEST, RENDER_ASSET when the package is broken.
 */
export function renderReset(cluster: Cluster, machine: Machine, assets: Assets, whole: boolean): string {
  const reset = planReset(cluster, machine, assets);
  const scope: Setting = {
    name: 'RESET_OF',
    value: whole ? 'lab' : 'machine',
    group: 'What is reset: the whole lab, or this machine alone',
  };
  const asked = reset.steps.some(({ script }) =>
    assetText(assets, `provision-scripts/${script}`).includes(`$${scope.name}`),
  );
  const settings = asked ? [scope, ...reset.settings] : reset.settings;
  return fillTemplate(assets, 'provision-scripts/reset.sh.hbs', {
    cluster,
    machine,
    ...scriptParts(cluster, { ...reset, settings }, assets),
  });
}
