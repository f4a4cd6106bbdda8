import type { Assets } from '../assets/manifests.js';
import type { ChosenFolder, ChosenFolders } from './choices.js';
import type { Cluster } from './cluster.js';
import { availableSettings, pickSettings, type BareCluster } from './settings.js';
import type { PlannedSources } from './sources.js';
import { libraryOf, planStep, selectSteps } from './steps.js';

/** Completes every machine with its steps, the constants they and their library use, and that library. */
export function planProvisioners(
  bare: BareCluster,
  folders: ChosenFolders,
  sources: PlannedSources,
  assets: Assets,
): Cluster {
  const family = bare.box.family;
  const machines = bare.machines.map((machine) => {
    const selected = selectSteps(inOrder(folders), machine, { bundle: bare.bundle !== undefined });
    const library = libraryOf(selected);
    const available = availableSettings(bare, machine, folders, sources.constants);
    const wanted = selected.flatMap(({ folder, manifest }) => [
      ...manifest.settings.map((name) => ({ name, step: manifest.id, folder })),
      ...manifest.library
        .flatMap((file) => variablesIn(libraryText(assets.texts, file, family)))
        .filter((name) => available.some((setting) => setting.name === name))
        .map((name) => ({ name, step: manifest.id, folder })),
    ]);
    return {
      ...machine,
      steps: selected.map((step, index) => planStep(step, index, family, assets.texts)),
      settings: pickSettings(available, wanted),
      library,
    };
  });
  return { ...bare, machines };
}

/** The chosen folders in the order in which steps of one phase run. */
export function inOrder(folders: ChosenFolders): ChosenFolder[] {
  const { base, runtime, kubernetes, loadBalancer, bootstrap, cni } = folders;
  return [base, runtime, kubernetes, loadBalancer, bootstrap, cni].filter((folder) => folder !== undefined);
}

function libraryText(texts: Assets['texts'], name: string, family: string): string {
  return (
    texts[`provision-scripts/lib/${name}.${family}.sh`] ?? texts[`provision-scripts/lib/${name}.sh`] ?? ''
  );
}

/** Names of upper-case variables that shell text reads. */
function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$\{?([A-Z][A-Z0-9_]*)/g)].map((match) => match[1] ?? '');
}
