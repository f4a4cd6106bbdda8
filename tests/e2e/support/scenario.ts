import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { requireHost } from './host.js';
import type { Workshop } from './workshop.js';

/** Where a scenario that fails leaves its logs and snapshots. */
export function keepFolder(scenario: string): string {
  return path.join(process.env.K8SLAB_E2E_KEEP ?? path.join(os.tmpdir(), 'k8slab-e2e-failures'), scenario);
}

/** Declares one step of a scenario; `seconds` is the longest it may take. */
export type Step = (title: string, work: () => Promise<void> | void, seconds?: number) => void;

/**
 * Steps on real machines, one after the other. After one that fails the others are not tried: their machines are not
 * what they expect. Logs and a snapshot of every lab are kept then, and everything is destroyed in any case.
 */
export function scenario(name: string, workshop: Workshop, declare: (step: Step) => void): void {
  describe(name, () => {
    let failed: string | undefined;
    beforeAll(() => {
      rmSync(keepFolder(name), { recursive: true, force: true });
      requireHost();
    });
    declare((title, work, seconds = 120) => {
      test(
        title,
        async () => {
          if (failed !== undefined) throw notTried(failed);
          try {
            await work();
          } catch (error) {
            failed = title;
            await keep(name, workshop);
            throw error;
          }
        },
        seconds * 1000,
      );
    });
    afterAll(async () => {
      await workshop.close();
    }, 300_000);
  });
}

/** Without a stack: there is nothing to see in this file. */
function notTried(failed: string): Error {
  const error = new Error(`Not tried: “${failed}” failed before it.`);
  error.stack = error.message;
  return error;
}

async function keep(name: string, workshop: Workshop): Promise<void> {
  for (const lab of workshop.labs()) {
    const target = path.join(keepFolder(name), path.basename(lab));
    mkdirSync(target, { recursive: true });
    await workshop
      .run(['verify', '--dir', lab, '--save', path.join(target, 'snapshot.json')])
      .catch(() => undefined);
    for (const part of [
      'lab.yaml',
      'Vagrantfile',
      'provision',
      '.k8slab/logs',
      '.k8slab/cluster.json',
      '.k8slab/state.json',
    ]) {
      if (existsSync(path.join(lab, part)))
        cpSync(path.join(lab, part), path.join(target, part), { recursive: true });
    }
  }
}
