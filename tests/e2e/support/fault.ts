import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { requireStatus } from '../../support/k8slab.js';
import type { KubernetesLab } from './kubernetesLab.js';
import { trimmed } from './snapshot.js';
import type { Report } from './workshop.js';

type Finding = Report['results'][number]['findings'][number];

/** Seconds in which one look at a lab must be over, however broken it is, on a machine with other work. */
const longestLook = 90;

/** Seconds until a fault must have been named. */
const longestWait = 180;

/** A finding in one line: its code and its machine. */
export const named = ({ code, machine }: Finding): string => `${code} ${machine ?? '-'}`;

/** Findings that follow from no other. */
export const causes = (report: Report): Finding[] =>
  report.results
    .flatMap(({ findings }) => findings)
    .filter(({ consequenceOf }) => consequenceOf === undefined);

/** One look: verify ends with status 1, or 0 while nothing is wrong enough, and in seconds. The snapshot is kept as FOLDER/STATE.json. */
async function look(lab: KubernetesLab, state: string): Promise<Report> {
  const file = lab.workshop.path(`${state}.json`);
  const ran = await lab.workshop.run(['verify', '--json', '--save', file], { lab: lab.lab });
  if (ran.status !== 0) requireStatus(ran, 1, ['verify', state]);
  expect(ran.seconds).toBeLessThan(longestLook);
  expectNoSecrets(lab, readFileSync(file, 'utf8'));
  return JSON.parse(ran.stdout) as Report;
}

/**
 * Looks until verify names what is wrong: exactly these causes, and everything else marked as their
 * consequence. `settled` may ask for consequences that come later.
 */
export async function expectCauses(
  lab: KubernetesLab,
  state: string,
  wanted: readonly string[],
  {
    settled = () => true,
    warning = false,
  }: { settled?: (report: Report) => boolean; warning?: boolean } = {},
): Promise<Report> {
  const end = Date.now() + longestWait * 1000;
  for (;;) {
    // A fault takes a moment to be one: until then the lab may be sound.
    const report = await look(lab, state);
    const seen = causes(report).map(named).sort();
    const done = JSON.stringify(seen) === JSON.stringify([...wanted].sort()) && settled(report);
    if (done || Date.now() > end) {
      expect(seen).toEqual([...wanted].sort());
      expect(settled(report)).toBe(true);
      expect(report.sound).toBe(warning);
      keepSnapshot(lab, state);
      return report;
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Runs what verify prints as the fix of every cause, as printed, and waits until the lab is sound again. */
export async function mend(lab: KubernetesLab, report: Report): Promise<void> {
  const fixes = [...new Set(causes(report).flatMap(({ fix }) => fix))];
  expect(fixes.length).toBeGreaterThan(0);
  await lab.workshop.shell(lab.lab, `set -e\n${fixes.join('\n')}`, 300);
  await lab.workshop.expect(0, lab.lab, 'verify', '--wait', '4m');
}

/** With K8SLAB_E2E_SNAPSHOTS set, what was seen becomes a fixture of the checks there, without the lab's random name. */
export function keepSnapshot(lab: KubernetesLab, state: string): void {
  const folder = process.env.K8SLAB_E2E_SNAPSHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  const text = readFileSync(lab.workshop.path(`${state}.json`), 'utf8');
  const plain = text.replaceAll(lab.lab, 'faults').replaceAll(lab.workshop.root, '/home/student');
  writeFileSync(path.join(folder, `${state}.json`), trimmed(plain));
}

/** None of the lab's secrets, whole or a line of one, is in a text. */
export function expectNoSecrets(lab: KubernetesLab, text: string): void {
  const folder = lab.workshop.path(lab.lab, '.k8slab', 'secrets');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(5);
  const kubeconfig = lab.workshop.path(lab.lab, '.k8slab', 'kubeconfig');
  expect(existsSync(kubeconfig)).toBe(true);
  const lines = [...files, kubeconfig]
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .map((line) => line.replace(/^.*-data: */, '').trim())
    .filter((line) => line.length >= 20 && !/^-----|[: ]/.test(line));
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.filter((line) => text.includes(line))).toEqual([]);
}
