import { writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { expectNodePorts, startDemo } from './demo.js';
import { drillPasses } from './drill.js';
import { eventually } from './eventually.js';
import {
  apiServerKilled,
  expectEndpointEverywhere,
  failOver,
  holderOf,
  killed,
  machineLost,
  type Blow,
} from './failover.js';
import { createSound, KubernetesLab, bundleStep } from './kubernetesLab.js';
import { expectDestroyed } from './life.js';
import { scenario, type Step } from './scenario.js';
import { expectSound, Workshop } from './workshop.js';
import { installed } from '../../support/k8slab.js';

/** How often the holder of the virtual address is struck; the last time by k8slab itself. */
const rounds = 5;

/**
 * A highly available preset: comes up, and loses in turn the machine that holds the virtual address, each of its `programs`, its
 * API server, and the machine once more, by `verify --drill`. How long the API did not answer is printed, and goes to
 * docs/performance.md. `more`: steps before the end.
 */
export function haScenario(
  name: string,
  preset: string,
  programs: readonly string[],
  more: (step: Step, lab: KubernetesLab) => void = () => undefined,
): void {
  const workshop = new Workshop({ fresh: false });
  const lab = new KubernetesLab(workshop, `${preset.slice(0, 9)}-${workshop.id}`);
  const blows: Blow[] = [...programs.map(killed), apiServerKilled];
  while (blows.length < rounds - 1) blows.unshift(machineLost);
  const outages: { blow: string; seconds: number }[] = [];
  let bundle = '';

  scenario(name, workshop, (step) => {
    bundleStep(step, workshop, (made) => {
      bundle = made;
    });

    step(
      'create boots all machines, provisions and verifies them, and exits 0',
      async () => {
        await createSound(lab, preset, bundle);
      },
      900,
    );

    step(
      'one machine has the virtual address; through it the API answers every machine and this host; nginx answers',
      async () => {
        await startDemo(lab);
        await eventually(async () => {
          await holderOf(lab);
          await expectEndpointEverywhere(lab);
          await expectNodePorts(lab);
        });
      },
      400,
    );

    for (const [index, blow] of blows.entries()) {
      step(
        `round ${index + 1}, of the machine with the address: ${blow.title}; the API answers again, workloads go on, all becomes whole`,
        async () => {
          const seconds = await failOver(lab, blow);
          outages.push({ blow: blow.title, seconds });
          process.stdout.write(`${name}, ${blow.title}: ${seconds.toFixed(1)} s without an answer\n`);
        },
        600,
      );
    }

    step(
      `round ${rounds}: verify --drill takes the machine with the address down, brings it back, and reports`,
      async () => {
        const seconds = await drillPasses(lab);
        outages.push({ blow: machineLost.title, seconds });
        process.stdout.write(`${name}, verify --drill: ${seconds.toFixed(1)} s without an answer\n`);
      },
      600,
    );

    more(step, lab);

    step('how long it took is written down; every check is ok', async () => {
      await expectSound(workshop, lab.lab);
      expect(outages.length).toBeGreaterThanOrEqual(rounds);
      writeFileSync(installed(`failover-${name}.json`), JSON.stringify({ preset, outages }));
    });

    step(
      'destroy leaves nothing of it on this host but the lab folder',
      async () => {
        await expectDestroyed(workshop, lab.lab);
      },
      120,
    );
  });
}
