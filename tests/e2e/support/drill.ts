import { expect } from '@jest/globals';
import type { Drill } from '../../../src/report/drill.js';
import { holderOf } from './failover.js';
import { isOn } from './kill.js';
import type { KubernetesLab } from './kubernetesLab.js';

/** `verify --drill --json` passes, and says what is to be seen from outside. Gives the seconds without an answer. */
export async function drillPasses(lab: KubernetesLab): Promise<number> {
  const holder = await holderOf(lab);
  const drill = await lab.workshop.json<Drill>(0, lab.lab, 'verify', '--drill', '--yes');
  expect(drill).toMatchObject({ lab: lab.lab, tookDown: holder, passed: true, report: { sound: true } });
  expect(drill.movedTo).not.toBe(holder);
  expect(await holderOf(lab)).toMatch(new RegExp(`^(${holder}|${drill.movedTo ?? ''})$`));
  expect(drill.workloads.watched).toBeGreaterThan(lab.plan.machines.length);
  expect(drill.workloads.disturbed).toEqual([]);
  expect(drill.requests.failed).toBeGreaterThan(0);
  expect(drill.secondsUntilAnswered).toBeGreaterThan(0);
  expect(drill.secondsUntilWhole).toBeGreaterThan(drill.secondsUntilUp);
  return drill.secondsUntilAnswered ?? Infinity;
}

/** Ctrl-C while the machine is down: k8slab boots it before it ends, and all becomes whole. */
export async function drillInterrupted(lab: KubernetesLab): Promise<void> {
  const holder = await holderOf(lab);
  const runs = (): boolean => isOn(lab.lab, holder, 'etc/hostname');
  let wasDown = false;
  let timer: NodeJS.Timeout | undefined;
  const ran = await lab.workshop.run(['verify', '--drill', '--yes'], {
    lab: lab.lab,
    onOutput: (text, child) => {
      if (timer !== undefined || !text.includes('Pulling the plug')) return;
      timer = setInterval(() => {
        if (runs()) return;
        clearInterval(timer);
        wasDown = true;
        child.kill('SIGINT');
      }, 100);
    },
  });
  clearInterval(timer);
  expect({ wasDown, status: ran.status }).toEqual({ wasDown: true, status: 130 });
  expect(runs()).toBe(true);
  await lab.workshop.expect(0, lab.lab, 'verify', '--wait', '4m');
}
