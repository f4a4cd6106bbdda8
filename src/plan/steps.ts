import { stepPhases, type Assets, type StepManifest } from '../assets/manifests.js';
import type { ChosenFolder } from './choices.js';
import type { PackageFamily, PlannedStep } from './cluster.js';
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
  lab: { bundle: boolean },
): SelectedStep[] {
  const all = folders.flatMap((folder) => folder.manifest.steps.map((manifest) => ({ folder, manifest })));
  const phaseOf = ({ manifest }: SelectedStep): number => stepPhases.indexOf(manifest.phase);
  return all
    .filter(({ manifest }) => manifest.onlyWith !== 'bundle' || lab.bundle)
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
  const script = [`${path}.${family}.sh`, `${path}.sh`].find(
    (file) => texts[`provision-scripts/${file}`] !== undefined,
  );
  if (script === undefined) {
    throw manifestFault(
      folder,
      `step ${manifest.id} has neither ${manifest.id}.sh nor ${manifest.id}.${family}.sh`,
    );
  }
  return {
    number: index + 1,
    id: path,
    title: manifest.title,
    why: manifest.why,
    link: manifest.link,
    script,
    files: manifest.files.map((template) => ({
      name: template.replace(/\.hbs$/, ''),
      template: `${folder.path}/${template}`,
    })),
  };
}

/** Library files that steps use, in order of first use. */
export function libraryOf(steps: readonly SelectedStep[]): string[] {
  return [...new Set(steps.flatMap(({ manifest }) => manifest.library))];
}

function isTarget(target: StepManifest['on'], { role, index }: BareMachine): boolean {
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
  }
}
