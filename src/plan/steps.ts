import { stepPhases, type Assets, type StepCondition, type StepManifest } from '../assets/manifests.js';
import type { ChosenFolder } from './choices.js';
import type { PackageFamily } from './cluster.js';
import type { PlannedStep } from './plannedStep.js';
import type { BareMachine } from './machines.js';
import { applies, manifestFault } from './when.js';

/** A step that a machine runs, with the folder it comes from. */
export interface SelectedStep {
  folder: ChosenFolder;
  manifest: StepManifest;
}

/** The steps of a machine in order: by phase, within a phase by folder and manifest. */
export function selectSteps(
  folders: readonly ChosenFolder[],
  machine: BareMachine,
  lab: { has: ReadonlySet<StepCondition>; baking: boolean },
): SelectedStep[] {
  const all = folders.flatMap((folder) => folder.manifest.steps.map((manifest) => ({ folder, manifest })));
  const without = new Set(folders.flatMap(({ manifest }) => manifest.without?.steps ?? []));
  const phaseOf = ({ manifest }: SelectedStep): number => stepPhases.indexOf(manifest.phase);
  return all
    .filter(({ folder, manifest }) => !without.has(`${folder.path}/${manifest.id}`))
    .filter(({ manifest: { bake, onlyWith } }) =>
      lab.baking && bake === 'kept' ? true : [onlyWith ?? []].flat().every((one) => lab.has.has(one)),
    )
    .filter(({ manifest }) => !lab.baking || manifest.bake !== undefined)
    .filter(({ folder, manifest }) => isTarget(manifest.on, machine) && applies(manifest.when, folder))
    .sort((one, other) => phaseOf(one) - phaseOf(other));
}

/** A selected step as the plan prints it. Throws PLAN_MANIFEST when its script is not there. */
export function planStep(
  { folder, manifest }: SelectedStep,
  index: number,
  family: PackageFamily,
  texts: Assets['texts'],
): PlannedStep {
  const path = `${folder.path}/${manifest.id}`;
  return {
    number: index + 1,
    id: path,
    title: manifest.title,
    why: manifest.why,
    link: manifest.link,
    script: stepScript(folder, manifest.id, family, texts),
    files: manifest.files.map((template) => ({
      name: template.replace(/\.hbs$/, ''),
      template: `${folder.path}/${template}`,
    })),
    ...(manifest.bake !== undefined && { bake: manifest.bake }),
  };
}

/** Path of a step's script below provision-scripts: the family's own, or the one for all. Throws PLAN_MANIFEST. */
export function stepScript(
  folder: ChosenFolder,
  id: string,
  family: PackageFamily,
  texts: Assets['texts'],
): string {
  const path = `${folder.path}/${id}`;
  const script = [`${path}.${family}.sh`, `${path}.sh`].find(
    (file) => texts[`provision-scripts/${file}`] !== undefined,
  );
  if (script === undefined) {
    throw manifestFault(folder, `step ${id} has neither ${id}.sh nor ${id}.${family}.sh`);
  }
  return script;
}

/** Library files that steps use, in order of first use. */
export function libraryOf(steps: readonly SelectedStep[]): string[] {
  return [...new Set(steps.flatMap(({ manifest }) => manifest.library))];
}

/** Whether a step that names `target` runs on this machine. */
export function isTarget(
  target: StepManifest['on'],
  { role, index, balancer }: Pick<BareMachine, 'role' | 'index' | 'balancer'>,
): boolean {
  switch (target) {
    case 'all':
      return true;
    case 'cluster':
      return role !== 'load-balancer';
    case 'first-control-plane':
      return role === 'control-plane' && index === 0;
    case 'other-control-planes':
      return role === 'control-plane' && index > 0;
    case 'control-planes':
      return role === 'control-plane';
    case 'workers':
      return role === 'worker';
    case 'load-balancers':
      return role === 'load-balancer';
    case 'balancers':
      return balancer !== undefined;
  }
}
