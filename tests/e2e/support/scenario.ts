import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { recordFacts } from './facts.js';
import type { Workshop } from './workshop.js';

/** Where a scenario that fails leaves its logs and snapshots; the reporter knows it by its file's name. */
function keepFolder(): string {
  const kept = process.env.K8SLAB_E2E_KEEP ?? path.join(os.tmpdir(), 'k8slab-e2e-failures');
  return path.join(kept, path.basename(expect.getState().testPath ?? '', '.test.ts'));
}

/** How much longer everything may take on a host with other work. */
const busy = 2;

/** Whether this scenario will be over in time, as run.js reckons. */
function fits(): boolean {
  const { K8SLAB_E2E_UNTIL: until, K8SLAB_E2E_LENGTHS: lengths = '{}' } = process.env;
  const name = path.basename(expect.getState().testPath ?? '', '.test.ts');
  const length = (JSON.parse(lengths) as Record<string, number>)[name] ?? 0;
  return until === undefined || Date.now() + length < Number(until);
}

/** Declares one step of a scenario; `seconds` is the longest it may take on a host without other work. */
export type Step = (title: string, work: () => Promise<void> | void, seconds?: number) => void;

/**
 * Steps on real machines, one after the other. After one that fails the others are not tried: their machines are not
 * what they expect. Where time is too short for it (see run.js), none is. Of a failure, what went
 * wrong, logs, verify's report and a snapshot of every lab are kept; everything is destroyed in any case.
 */
export function scenario(name: string, workshop: Workshop, declare: (step: Step) => void): void {
  describe(name, () => {
    // A file is read when its turn has come.
    const begins = fits();
    let failed: string | undefined;
    beforeAll(() => {
      rmSync(keepFolder(), { recursive: true, force: true });
      workshop.requireHost();
    });
    declare((title, work, seconds = 300) => {
      (begins ? test : test.skip)(
        title,
        async () => {
          if (failed !== undefined) throw notTried(failed);
          // A step that takes too long goes on behind the others' back: none of them is to begin.
          failed = title;
          try {
            await work();
            failed = undefined;
          } catch (error) {
            await keep(workshop, title, error);
            throw error;
          }
        },
        seconds * busy * 1000,
      );
    });
    afterAll(async () => {
      try {
        await recordFacts(workshop);
      } finally {
        await workshop.close();
      }
    }, 300_000);
  });
}

/** Without a stack: there is nothing to see in this file. */
function notTried(failed: string): Error {
  const error = new Error(`Not tried: “${failed}” failed before it.`);
  error.stack = error.message;
  return error;
}

async function keep(workshop: Workshop, title: string, error: unknown): Promise<void> {
  mkdirSync(keepFolder(), { recursive: true });
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  writeFileSync(path.join(keepFolder(), 'failure.txt'), `${title}\n\n${stripVTControlCharacters(what)}\n`);
  for (const lab of workshop.labs()) {
    const target = path.join(keepFolder(), path.basename(lab));
    mkdirSync(target, { recursive: true });
    const verify = ['verify', '--dir', lab, '--save', path.join(target, 'snapshot.json')];
    const said = await workshop
      .run(verify)
      .catch((error: unknown) => ({ stdout: '', stderr: String(error) }));
    writeFileSync(path.join(target, 'report.txt'), `${said.stdout}${said.stderr}`);
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
