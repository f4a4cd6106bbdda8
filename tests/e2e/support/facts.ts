import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from '@jest/globals';
import type { Cluster } from '../../../src/plan/cluster.js';
import { installed, runProgram } from '../../support/k8slab.js';
import type { Workshop } from './workshop.js';

/** Where the reporter looks, also when the test goes on to use another copy of the package. */
const folder = installed('facts');

/** Writes down what a scenario ran, and on what, for the table in docs/tested.md; the reporter adds how it ended. */
export async function recordFacts(workshop: Workshop): Promise<void> {
  const plans = workshop.labs().map((lab) => workshop.plan(path.basename(lab)) as unknown as Cluster);
  if (plans.length === 0 && workshop.ran === undefined) return;
  const scenario = path.basename(expect.getState().testPath ?? '', '.test.ts');
  const vagrant = await versionBy('vagrant', ['--version'], workshop);
  const facts = {
    scenario: workshop.suffix === '' ? scenario : `${scenario}, ${workshop.suffix}`,
    machines: [...(await workshop.machinesOf()), `Vagrant ${vagrant}`, hostSystem()].join(', '),
    ran: workshop.ran ?? [...new Set(plans.map(contents))].join('; '),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${scenario}.json`), JSON.stringify(facts));
}

/** The first version number that a program says; `?` when it says none. */
export async function versionBy(name: string, args: string[], { root, env }: Workshop): Promise<string> {
  const said = await runProgram(name, args, { cwd: root, env }).catch(() => undefined);
  return /\d+\.\d+[\w.]*/.exec(said?.stdout ?? '')?.[0] ?? '?';
}

/** `1 control plane, 2 workers of Debian 12: Kubernetes 1.36.3, containerd 2.2.1, calico 3.28.5 (ipip)` */
function contents({ machines, kubernetes, runtime, cni, box }: Cluster): string {
  const count = (role: string): number => machines.filter((machine) => machine.role === role).length;
  const roles = (['control-plane', 'worker', 'load-balancer'] as const)
    .filter((role) => count(role) > 0)
    .map((role) => `${count(role)} × ${role.replace('-', ' ')}`);
  const option = cni.options.encapsulation ?? cni.options.backend;
  const wrapping = option === 'none' ? 'no encapsulation' : option;
  const parts = [
    ...(kubernetes === undefined ? [] : [`Kubernetes ${kubernetes.version}`]),
    [runtime.name, runtime.version].filter(Boolean).join(' '),
    [cni.name, cni.version, wrapping === undefined ? undefined : `(${wrapping})`].filter(Boolean).join(' '),
  ];
  return `${roles.join(', ')} of ${box.name}: ${parts.join(', ')}`;
}

function hostSystem(): string {
  const name =
    process.platform === 'linux'
      ? /^PRETTY_NAME="?(.*?)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
      : undefined;
  return `${name ?? `${os.type()} ${os.release()}`}, ${os.machine()}`;
}
