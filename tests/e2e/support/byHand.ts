import { readFileSync } from 'node:fs';
import type { Plan, Workshop } from './workshop.js';

/** One code block of a lab's README, and the machines on which a reader runs it. */
export interface Block {
  machines: string[];
  commands: string;
}

/** The code blocks that the README says to run `On every machine:`, `On every node:`, `On every control plane:` or `On cp1:`, in order. */
export function blocksOf(readme: string, { machines }: Pick<Plan, 'machines'>): Block[] {
  return [...readme.matchAll(/^On ([^:\n]+):\n\n```sh\n([\s\S]*?)^```$/gm)].map(
    ([, on = '', commands = '']) => {
      const roles: Record<string, string[]> = {
        'every machine': ['control-plane', 'worker', 'load-balancer'],
        'every node': ['control-plane', 'worker'],
        'every control plane': ['control-plane'],
        'every worker': ['worker'],
      };
      const wanted = machines.filter(({ name, role }) => name === on || roles[on]?.includes(role));
      if (wanted.length === 0) throw new Error(`The README speaks of “${on}”, and there is no such machine.`);
      return { machines: wanted.map(({ name }) => name), commands };
    },
  );
}

/** Seconds in which a block must work: what it looks at may just be starting. */
const patience = 90;

/** Does what the README of a lab says, block by block, each on all its machines at once; as a reader does, again when it was too early. */
export async function doByHand(workshop: Workshop, lab: string): Promise<number> {
  const blocks = blocksOf(readFileSync(workshop.path(lab, 'README.md'), 'utf8'), workshop.plan(lab));
  for (const { machines, commands } of blocks) {
    await Promise.all(machines.map((machine) => run(workshop, lab, machine, commands)));
  }
  return blocks.length;
}

async function run(workshop: Workshop, lab: string, machine: string, commands: string): Promise<void> {
  const end = Date.now() + patience * 1000;
  for (;;) {
    try {
      await workshop.on(lab, machine, commands);
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}
