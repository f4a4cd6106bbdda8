import type { Assets, StepCondition } from '../assets/manifests.js';
import type { ChosenFolder, ChosenFolders } from './choices.js';
import type { Cluster } from './cluster.js';
import { availableSettings, pickSettings, type BareCluster } from './settings.js';
import type { PlannedSources } from './sources.js';
import { libraryOf, planStep, selectSteps } from './steps.js';

/**
 * Completes every machine with its steps, the constants they and their library use, and that library. `baking`: only with
 * the steps for which a box is baked.
 */
export function planProvisioners(
  bare: BareCluster,
  folders: ChosenFolders,
  sources: PlannedSources,
  assets: Assets,
  baking = false,
): Cluster {
  const family = bare.box.family;
  const has = conditionsOf(bare, folders);
  const machines = bare.machines.map((machine) => {
    const selected = selectSteps(inOrder(folders), machine, { has, baking });
    const library = libraryOf(selected);
    const available = availableSettings(bare, machine, folders, sources.constants);
    // The frame of a provisioner prints these; steps of every lab read them anyway.
    const ofFrame = (baking ? ['MACHINE', 'LAB'] : []).map((name) => ({
      name,
      step: 'frame',
      folder: folders.base,
    }));
    const ofSteps = selected.flatMap(({ folder, manifest }) => [
      ...manifest.settings.map((name) => ({ name, step: manifest.id, folder })),
      ...manifest.library
        .flatMap((file) => variablesIn(libraryText(assets.texts, file, family)))
        .filter((name) => available.some((setting) => setting.name === name))
        .map((name) => ({ name, step: manifest.id, folder })),
    ]);
    return {
      ...machine,
      steps: selected.map((step, index) => planStep(step, index, family, assets.texts)),
      settings: pickSettings(available, [...ofFrame, ...ofSteps]),
      library,
    };
  });
  return { ...bare, machines };
}

/** What steps may ask for by `onlyWith`; a CNI without steps is none. */
function conditionsOf(bare: BareCluster, { cni }: ChosenFolders): ReadonlySet<StepCondition> {
  const has = new Set<StepCondition>();
  if (bare.bundle) has.add('bundle');
  if (bare.kubernetes) has.add('kubernetes');
  has.add(bare.bootstrap.allocatesNodeRanges ? 'allocated-ranges' : 'planned-ranges');
  if (cni.manifest.steps.length > 0) has.add('pod-network');
  if (bare.machines.filter(({ role }) => role === 'control-plane').length > 1)
    has.add('several-control-planes');
  return has;
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
export function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$\{?([A-Z][A-Z0-9_]*)/g)].map((match) => match[1] ?? '');
}
