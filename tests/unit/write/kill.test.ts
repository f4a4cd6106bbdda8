import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { writeLab } from '../../../src/write/writeLab.js';
import { contents, ended, output, startChild, temporaryFolder } from './support/folders.js';
import { version, versionOf } from './support/versions.js';

const kills = 8;

test('a kill at any moment leaves every file wholly of one version, and all of them recognised as ours', async () => {
  const dir = path.join(await temporaryFolder(), 'lab');
  for (let round = 1; round <= kills; round += 1) {
    const child = startChild('renderForever.ts', dir, String(round * 1000));
    await output(child, 'started');
    await sleep((60 * round) / kills);
    child.kill('SIGKILL');
    await ended(child);

    for (const [file, content] of Object.entries(await contents(dir))) {
      expect(`${file} of version ${versionOf(file, content) ?? 'none'}`).toMatch(/version \d/);
    }
    const report = await writeLab(dir, version(round));
    expect(report.kept).toEqual([]);
    expect(Object.keys(await contents(dir))).toEqual([...version(round).keys()].sort());
    expect(await readdir(path.join(dir, '.k8slab'))).toEqual(['written.json']);
  }
});
