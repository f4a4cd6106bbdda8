import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { installed, requireStatus } from '../../support/k8slab.js';
import { bundleTime, requireBundle } from './bundle.js';
import { expectCauses, expectNoSecrets, keepSnapshot, mend } from './fault.js';
import { useKubectlOf, type KubernetesLab } from './kubernetesLab.js';
import type { Step } from './scenario.js';
import type { Report } from './workshop.js';

/** A fault that is made for real on a sound lab. */
export interface Fault {
  /** As docs/tested.md names it, and its snapshot, with dashes. */
  name: string;
  inject: (lab: KubernetesLab) => Promise<unknown>;
  /** The causes that verify must name, and no other: `CODE machine`, or `CODE -`. */
  found: readonly string[];
  /** What else must have come of it before it is mended. */
  settled?: (report: Report) => boolean;
  /** Verify warns only, and the lab counts as sound. */
  warning?: true;
}

/** Runs a shell on a machine as root. */
export const on =
  (machine: string, script: string) =>
  (lab: KubernetesLab): Promise<string> =>
    lab.workshop.on(lab.lab, machine, script);

/** The first step: a preset with Calico, sound, with a snapshot that holds no secret. */
export function soundLabStep(step: Step, lab: KubernetesLab, preset = '1cp-2w'): void {
  step(
    'a sound lab to begin with',
    async () => {
      const { workshop, lab: name } = lab;
      const bundle = await requireBundle('calico');
      await useKubectlOf(bundle, workshop);
      const settings = ['--set', `name=${name}`, '--provider', 'lxc', '--bundle', bundle];
      const create = ['create', preset, '--dir', name, ...settings];
      requireStatus(await workshop.run(create), 0, create);
      const file = workshop.path('sound.json');
      // A host that has just booted machines may be too busy for an answer in time.
      await workshop.expect(0, name, 'verify', '--wait', '2m', '--save', file);
      expectNoSecrets(lab, readFileSync(file, 'utf8'));
      keepSnapshot(lab, 'sound');
    },
    bundleTime + 600,
  );
}

/** A step for each fault: made, named by verify with nothing beside it, mended by the words that verify printed. */
export function faultSteps(step: Step, lab: KubernetesLab, faults: readonly Fault[]): void {
  for (const { name, inject, found, settled, warning } of faults) {
    step(
      name,
      async () => {
        const clock = stopwatch();
        await inject(lab);
        const report = await expectCauses(lab, name.replace(/[^a-z0-9]+/gi, '-').toLowerCase(), found, {
          ...(settled && { settled }),
          ...(warning && { warning }),
        });
        await mendAndNote(lab, report, { name, found, named: clock() });
      },
      600,
    );
  }
}

/** Seconds since it was started. */
export function stopwatch(): () => number {
  const began = Date.now();
  return () => Math.round((Date.now() - began) / 1000);
}

/** Mends a fault by its printed words, and notes it for docs/tested.md. */
export async function mendAndNote(
  lab: KubernetesLab,
  report: Report,
  { name, found, named }: { name: string; found: readonly string[]; named: number },
): Promise<void> {
  const clock = stopwatch();
  await mend(lab, report);
  const scenario = path.basename(expect.getState().testPath ?? '', '.test.ts');
  const file = installed(`faults-${scenario}.json`);
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as object[]) : [];
  writeFileSync(file, JSON.stringify([...before, { name, found, named, mended: clock() }]));
}
