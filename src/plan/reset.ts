import type { Assets } from '../assets/manifests.js';
import type { ChosenFolder } from './choices.js';
import type { Cluster, Machine, PlannedChoice } from './cluster.js';
import type { PlannedStep, Setting } from './plannedStep.js';
import { variablesIn } from './provisioners.js';
import { availableSettings, pickSettings } from './settings.js';
import { isTarget, stepScript } from './steps.js';
import { applies } from './when.js';

/** The way of one machine back to a bare one. */
export interface PlannedReset {
  steps: Pick<PlannedStep, 'number' | 'id' | 'title' | 'why' | 'link' | 'script'>[];
  settings: Setting[];
  library: string[];
}

/** Folders are taken back in this order: first what runs, last what it ran on. */
const groupOrder = ['bootstrap', 'cni', 'load-balancer', 'kubernetes', 'runtime', 'base'];

/**
 * What resets a machine: the reset steps of every folder that takes part in its lab, from the plan that was rendered
 * last. Throws PLAN_MANIFEST when a step has no script or wants a setting that the lab does not have.
 */
export function planReset(cluster: Cluster, machine: Machine, assets: Assets): PlannedReset {
  const selected = foldersOf(cluster, assets).flatMap((folder) =>
    (folder.manifest.reset ?? [])
      .filter((step) => isTarget(step.on, machine) && applies(step.when, folder))
      .map((step) => ({ folder, step })),
  );
  const library = [...new Set(selected.flatMap(({ step }) => step.library))];
  const available = settingsOf(cluster, machine, assets);
  const ofLibrary = library
    .flatMap((name) => variablesIn(assets.texts[`provision-scripts/lib/${name}.sh`] ?? ''))
    .filter((name) => available.some((setting) => setting.name === name));
  const wanted = selected.flatMap(({ folder, step }) =>
    [...step.settings, ...ofLibrary].map((name) => ({ name, step: step.id, folder })),
  );
  return {
    steps: selected.map(({ folder, step }, index) => ({
      number: index + 1,
      id: `${folder.path}/${step.id}`,
      title: step.title,
      why: step.why,
      link: step.link,
      script: stepScript(folder, step.id, cluster.box.family, assets.texts),
    })),
    settings: pickSettings(available, wanted),
    library,
  };
}

/** The folders whose steps some machine of the lab has, in the order of taking back. */
function foldersOf(cluster: Cluster, assets: Assets): ChosenFolder[] {
  const paths = new Set(
    cluster.machines.flatMap(({ steps }) => steps.map(({ id }) => id.slice(0, id.lastIndexOf('/')))),
  );
  const rank = (path: string): number => groupOrder.indexOf(path.split('/')[0] ?? '');
  return [...paths]
    .sort((one, other) => rank(one) - rank(other))
    .flatMap((path) => folderAt(path, cluster, assets) ?? []);
}

function folderAt(path: string, cluster: Cluster, assets: Assets): ChosenFolder | undefined {
  const [group = '', name = group] = path.split('/');
  const variants: Record<string, Record<string, ChosenFolder['manifest']>> = {
    base: { base: assets.base },
    kubernetes: { kubernetes: assets.kubernetes },
    runtime: assets.runtimes,
    cni: assets.cnis,
    bootstrap: assets.bootstraps,
    'load-balancer': assets.loadBalancers,
  };
  const manifest = variants[group]?.[name];
  const chosen: Record<string, PlannedChoice> = {
    runtime: cluster.runtime,
    cni: cluster.cni,
    bootstrap: cluster.bootstrap,
  };
  return manifest && { path, name, manifest, options: chosen[group]?.options ?? {} };
}

/** Constants of the plan itself and of its choices; a reset downloads nothing. */
function settingsOf(cluster: Cluster, machine: Machine, assets: Assets): Setting[] {
  const chosen = (group: 'runtime' | 'cni' | 'bootstrap', known: Assets['runtimes']): ChosenFolder => {
    const { name, options } = cluster[group];
    const none = { title: '', description: '', options: {}, sources: [], images: [], steps: [] };
    return { path: `${group}/${name}`, name, manifest: known[name] ?? none, options };
  };
  const folders = {
    base: { path: 'base', name: 'base', manifest: assets.base, options: {} },
    runtime: chosen('runtime', assets.runtimes),
    cni: chosen('cni', assets.cnis),
    bootstrap: chosen('bootstrap', assets.bootstraps),
  };
  return availableSettings(cluster, machine, folders, new Map());
}
