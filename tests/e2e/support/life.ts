import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { requireStatus, runProgram } from '../../support/k8slab.js';
import { isRunning, natProcess, tracesOf } from './host.js';
import type { KubernetesLab, Node } from './kubernetesLab.js';
import type { Workshop } from './workshop.js';

/** The kubectl of this host speaks to the lab with the kubeconfig that k8slab gives, by path and merged into the person's own. */
export async function expectKubeconfig(lab: KubernetesLab): Promise<void> {
  const { workshop, plan } = lab;
  const names = plan.machines.map(({ name }) => `node/${name}`).sort();
  const file = (await workshop.expect(0, lab.lab, 'kubeconfig')).stdout.trim();
  expect(readFileSync(file, 'utf8')).toContain(`server: https://${plan.endpoint?.hostPort ?? 'none'}`);
  const ask = async (env: Record<string, string>, ...args: string[]): Promise<string[]> => {
    const command = [...args, 'get', 'nodes', '--output', 'name'];
    const ran = await runProgram('kubectl', command, {
      cwd: workshop.root,
      env: { ...workshop.env, ...env },
    });
    requireStatus(ran, 0, ['kubectl', ...command]);
    return ran.stdout.trim().split('\n').sort();
  };
  expect(await ask({ KUBECONFIG: file })).toEqual(names);
  await workshop.expect(0, lab.lab, 'kubeconfig', '--merge');
  expect(existsSync(workshop.path('home', '.kube', 'config'))).toBe(true);
  expect(await ask({}, '--context', plan.name)).toEqual(names);
}

/** All machines are stopped, and boot again without being provisioned. */
export async function haltAndUp({ workshop, lab, plan }: KubernetesLab): Promise<void> {
  await workshop.expect(0, lab, 'halt');
  const status = await workshop.json<{ machines: { state: string }[] }>(0, lab, 'status');
  expect(status.machines.map(({ state }) => state)).toEqual(plan.machines.map(() => 'stopped'));
  const up = await workshop.expect(0, lab, 'up');
  expect(up.stdout).not.toContain('step 1/');
}

/** A worker is destroyed, and its node leaves the cluster; `up` makes and joins it again, and leaves the others alone. */
export async function replaceMachine(lab: KubernetesLab, machine: string): Promise<void> {
  const { workshop } = lab;
  const idOf = async (name: string): Promise<string> => workshop.on(lab.lab, name, 'cat /etc/machine-id');
  const others = lab.plan.machines.map(({ name }) => name).filter((name) => name !== machine);
  const before = { own: await idOf(machine), others: await Promise.all(others.map(idOf)) };
  await workshop.expect(0, lab.lab, 'destroy', machine, '--yes');
  const listed = (await lab.list<Node>('nodes')).map(({ metadata }) => metadata.name);
  expect(listed).not.toContain(machine);
  const up = await workshop.expect(0, lab.lab, 'up');
  for (const other of others) expect(up.stdout).not.toMatch(new RegExp(`${other} +provision: step`));
  expect(await idOf(machine)).not.toBe(before.own);
  expect(await Promise.all(others.map(idOf))).toEqual(before.others);
}

/** Containers of a lab, by the names they have on this host. */
export const containersOf = (name: string): string[] =>
  readdirSync('/var/lib/lxc').filter((container) => container.startsWith(`${name}-`));

/** `destroy` leaves no machine, process, bridge, mount or file of a lab outside of its folder. */
export async function expectDestroyed(workshop: Workshop, lab: string): Promise<void> {
  const { machines, networking } = workshop.plan(lab);
  const traces = { name: lab, bridge: networking.hostOnly.bridge, subnet: networking.hostOnly.cidr };
  const nat = containersOf(lab).map(natProcess);
  expect(nat.filter((pid) => pid !== undefined && isRunning(pid))).toHaveLength(machines.length);
  expect(tracesOf(traces, workshop.root).length).toBeGreaterThan(2 * machines.length);
  await workshop.expect(0, lab, 'destroy', '--yes');
  expect(tracesOf(traces, workshop.root)).toEqual([]);
  expect(nat.filter((pid) => pid !== undefined && isRunning(pid))).toEqual([]);
  expect(existsSync(path.join(workshop.root, lab, 'lab.yaml'))).toBe(true);
}
