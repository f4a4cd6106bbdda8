import type { ChosenFolder } from './choices.js';
import type { Cluster, Machine, PlannedBootstrap, PlannedChoice, PlannedProgram } from './cluster.js';
import { isTarget } from './steps.js';
import { applies } from './when.js';

const fileOf = {
  unit: (name: string): string => `/etc/systemd/system/${name}.service`,
  'static-pod': (name: string): string => `/etc/kubernetes/manifests/${name}.yaml`,
};

/** A bootstrapper in the plan's words, with what it leaves on the machines. */
export function planBootstrap(choice: PlannedChoice, folder: ChosenFolder): PlannedBootstrap {
  const { bootstrap } = folder.manifest;
  if (!bootstrap) return choice;
  const { programs, repairs } = bootstrap;
  return {
    ...choice,
    programs: programs.map((program) => ({ ...program, file: fileOf[program.runs](program.name) })),
    repairs,
    ...(allocatesNodeRanges(folder) && { allocatesNodeRanges: true as const }),
  };
}

/** Whether nodes get their ranges of pod addresses from the controller manager, and none is planned. */
export function allocatesNodeRanges(folder: ChosenFolder): boolean {
  const when = folder.manifest.bootstrap?.allocatesNodeRanges;
  return when !== undefined && applies(when, folder);
}

/** Programs of Kubernetes on a machine, in the order in which they start; none in plans of earlier versions. */
export function programsOn({ bootstrap }: Cluster, { role }: Pick<Machine, 'role'>): PlannedProgram[] {
  return (bootstrap.programs ?? []).filter(({ on }) => isTarget(on, { role, index: 0 }));
}

/** How a program of the control plane runs. Plans of earlier versions that do not say so are of clusters that kubeadm made. */
export function programOf({ bootstrap }: Cluster, name: string): Pick<PlannedProgram, 'runs' | 'file'> {
  return (
    bootstrap.programs?.find((program) => program.name === name) ?? {
      runs: 'static-pod',
      file: fileOf['static-pod'](name),
    }
  );
}
