import type { Assets } from '../assets/manifests.js';
import type { Cluster, Machine } from '../plan/cluster.js';
import type { PlannedStep, Setting } from '../plan/plannedStep.js';
import { PackageText } from './helpers.js';
import { assetText, fillTemplate } from './templates.js';

/** Text of `provision/<machine>.sh`: header, settings, function library, numbered steps, last words. */
export function renderProvisioner(cluster: Cluster, machine: Machine, assets: Assets): string {
  return fillTemplate(assets, 'provision-scripts/provisioner.sh.hbs', {
    cluster,
    machine,
    becomes: becomes(cluster, machine),
    ...scriptParts(cluster, machine, assets),
  });
}

/** Settings, functions and steps as the frame of a script prints them. */
export function scriptParts(
  cluster: Cluster,
  parts: {
    steps: readonly Pick<PlannedStep, 'number' | 'title' | 'why' | 'link' | 'id' | 'script'>[];
    settings: readonly Setting[];
    library: readonly string[];
  },
  assets: Assets,
): { settings: object[]; library: object[]; steps: object[]; total: number } {
  const steps = parts.steps.map(({ number, title, why, link, id, script }) => ({
    number,
    title,
    why,
    link,
    id,
    text: scriptBody(assetText(assets, `provision-scripts/${script}`)),
  }));
  const library = ['step', ...parts.library.filter((name) => name !== 'step')].map((name) => ({
    name,
    text: scriptBody(libraryText(assets, name, cluster.box.family)),
  }));
  return { settings: grouped(parts.settings), library, steps, total: steps.length };
}

function becomes(cluster: Cluster, machine: Machine): string {
  if (machine.role === 'load-balancer') return 'a load balancer';
  if (cluster.bootstrap.name === 'none') return 'a container host';
  if (machine.role === 'worker') return 'a worker';
  return machine.index === 0 ? 'the first control plane' : 'a control plane';
}

/** By heading, in order of first appearance. */
function grouped(settings: readonly Setting[]): { group: string; items: Setting[] }[] {
  const groups = new Map<string, Setting[]>();
  for (const setting of settings) {
    groups.set(setting.group, [...(groups.get(setting.group) ?? []), setting]);
  }
  return [...groups].map(([group, items]) => ({ group, items }));
}

function libraryText(assets: Assets, name: string, family: string): string {
  const own = `provision-scripts/lib/${name}.${family}.sh`;
  return assetText(assets, assets.texts[own] === undefined ? `provision-scripts/lib/${name}.sh` : own);
}

/** A script asset without the lines that only matter while it stands alone: `#!` and `# shellcheck` at its top. */
function scriptBody(text: string): PackageText {
  return new PackageText(text.replace(/^(#!.*\n|# shellcheck .*\n|[ \t]*\n)*/, '').trim());
}
