import type { ChildProcess } from 'node:child_process';
import { expect } from '@jest/globals';
import { causes, named } from './fault.js';
import type { KubernetesLab } from './kubernetesLab.js';
import type { Report } from './workshop.js';

/** Checks that ask pods of our own. */
const asking = [
  ...['probe-pods', 'exec-and-logs', 'dns-from-pods', 'pod-paths', 'service-from-pods', 'node-ports'],
  ...['pods-to-outside', 'workload'],
];

const namespaces = async (lab: KubernetesLab): Promise<string[]> =>
  (await lab.list<{ metadata: { name: string } }>('namespaces', '--selector', 'k8slab.io/probe')).map(
    ({ metadata }) => metadata.name,
  );

/** Waits until no namespace of a probe is left. */
export async function expectTidy(lab: KubernetesLab): Promise<void> {
  const end = Date.now() + 60_000;
  let left = await namespaces(lab);
  while (left.length > 0 && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    left = await namespaces(lab);
  }
  expect(left).toEqual([]);
}

/** Pods of every node reach everything, nobody was left out, and nothing of it stays behind. */
export async function expectProbes(lab: KubernetesLab): Promise<void> {
  const report = await lab.workshop.json<Report>(0, lab.lab, 'verify');
  const status = (id: string): string | undefined =>
    report.results.find((result) => result.id === id)?.status;
  // A host without a way out is asked for none.
  const wanted = asking.map((id) => [
    id,
    id === 'pods-to-outside' ? expect.stringMatching(/^(ok|skipped)$/) : 'ok',
  ]);
  expect(asking.map((id) => [id, status(id)])).toEqual(wanted);
  await expectTidy(lab);
}

/** k8slab is killed while its pods run: they go all the same. */
export async function expectTidyAfterKill(lab: KubernetesLab): Promise<void> {
  let child: ChildProcess | undefined;
  const state = { ended: false, killed: false };
  const running = lab.workshop
    .run(['verify'], { lab: lab.lab, started: (process) => (child = process) })
    .finally(() => (state.ended = true));
  while (!state.killed && !state.ended)
    state.killed = (await namespaces(lab)).length > 0 && child?.kill('SIGKILL') === true;
  const { stdout, stderr } = await running;
  // Nothing to kill: what it said tells why it had no pods.
  expect(state.killed ? '' : stdout + stderr).toBe('');
  await expectTidy(lab);
}

/** What a machine drops where no firewall's rules are looked for is found by the pods, as one finding, and is gone again afterwards. */
export async function expectFoundByProbes(
  lab: KubernetesLab,
  machine: string,
  rule: string,
  wanted: string,
): Promise<void> {
  const { workshop } = lab;
  await workshop.on(lab.lab, machine, `iptables -t mangle -I ${rule} -j DROP`);
  try {
    const report = await workshop.json<Report>(1, lab.lab, 'verify');
    expect(causes(report).map(named)).toEqual([wanted]);
  } finally {
    await workshop.on(lab.lab, machine, `iptables -t mangle -D ${rule} -j DROP`);
  }
}
