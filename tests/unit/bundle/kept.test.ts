import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bundle } from '../../../src/bundle/bundle.js';
import { inPlace } from '../../../src/bundle/inPlace.js';
import { buildableParts, ensureKept, keptBundle } from '../../../src/bundle/modules/kept.js';
import { loadRecipes } from '../../../src/bundle/modules/loadRecipes.js';

let base = '';
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'k8slab-kept-'));
});
afterEach(async () => {
  await rm(base, { recursive: true });
});

const document: Bundle = {
  schema: 1,
  name: 'kubernetes-1.36.3-linux-amd64',
  from: 'modules',
  platform: 'linux/amd64',
  versions: {},
  files: [],
  images: [],
  keys: {},
};

/** Stands for the build, which takes minutes and a toolchain; the folder appears as it does there. */
async function make({ out }: { out: string }): Promise<Bundle> {
  return inPlace(out, async (folder) => {
    await sleep(50);
    await writeFile(path.join(folder, 'bundle.json'), '{}');
    return document;
  });
}

describe('a kept bundle', () => {
  const options = { cacheDir: '', report: () => undefined };

  test('is named by what it is made of', async () => {
    const recipes = await loadRecipes();
    const usual = await keptBundle(base, recipes);
    const other = await keptBundle(base, recipes, '1.35.4');
    expect(path.basename(usual.folder)).toMatch(/^kubernetes-1\.\d+\.\d+-linux-(amd64|arm64)-[0-9a-f]{12}$/);
    expect(path.basename(other.folder)).toMatch(/^kubernetes-1\.35\.4-/);
    expect(usual.there).toBe(false);
    const copy = path.join(base, 'recipes');
    await mkdir(copy);
    await writeFile(path.join(copy, 'changed.yaml'), '');
    expect((await keptBundle(base, { ...recipes, folder: copy })).folder).not.toBe(usual.folder);
  });

  test('is built once by two runs at once, and found by the next', async () => {
    const recipes = await loadRecipes();
    const kept = await keptBundle(path.join(base, 'new'), recipes);
    const notes: string[] = [];
    const report = (event: { kind: string; text?: string }): void => void notes.push(event.text ?? '');
    const both = [1, 2].map(() => ensureKept(kept, make, { ...options, report }));
    expect((await Promise.all(both)).sort()).toEqual([false, true]);
    expect(notes).toEqual([expect.stringContaining('Another k8slab is building this bundle')]);
    expect((await keptBundle(path.join(base, 'new'), recipes)).there).toBe(true);
    expect(await readdir(path.join(base, 'new'))).toEqual([path.basename(kept.folder)]);
  });

  test('is built after a run that was killed, whose rest goes', async () => {
    const kept = await keptBundle(base, await loadRecipes());
    await mkdir(`${kept.folder}.lock`);
    await utimes(`${kept.folder}.lock`, 0, 0);
    await mkdir(path.join(base, `.${path.basename(kept.folder)}.999999999-1.tmp`));
    expect(await ensureKept(kept, make, options)).toBe(true);
    expect(await readdir(base)).toEqual([path.basename(kept.folder)]);
  });

  test('is not waited for after Ctrl-C', async () => {
    const kept = await keptBundle(base, await loadRecipes());
    await mkdir(`${kept.folder}.lock`);
    const signal = AbortSignal.timeout(100);
    await expect(ensureKept(kept, make, { ...options, signal })).rejects.toMatchObject({
      code: 'VAGRANT_INTERRUPTED',
    });
  });
});

test('recipes say what can be built without an archive', async () => {
  const parts = buildableParts(await loadRecipes());
  expect(parts).toMatchObject({ kubernetes: expect.any(String), flannel: expect.any(String) });
  expect(parts).not.toHaveProperty('calico');
});

describe('in place', () => {
  test('the old folder comes back when the new one cannot take its place', async () => {
    const out = path.join(base, 'bundle');
    await mkdir(out);
    await writeFile(path.join(out, 'old'), 'precious');
    const failing = inPlace(out, (folder) => rm(folder, { recursive: true }));
    await expect(failing).rejects.toMatchObject({ message: expect.stringContaining(out) });
    expect(await readFile(path.join(out, 'old'), 'utf8')).toBe('precious');
    expect(await readdir(base)).toEqual(['bundle']);
  });

  test('a failure of making leaves the old folder', async () => {
    const out = path.join(base, 'bundle');
    await mkdir(out);
    await expect(inPlace(out, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await readdir(base)).toEqual(['bundle']);
  });
});
