import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { loadAssets } from '../../../src/assets/load.js';
import { asDecided } from '../../../src/commands/keptNetwork.js';

let base = '';
const before = process.env.XDG_CACHE_HOME;
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'k8slab-decided-'));
  process.env.XDG_CACHE_HOME = base;
});
afterEach(async () => {
  if (before === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = before;
  await rm(base, { recursive: true });
});

const description = {
  file: '1cp-1w',
  text: 'name: 1cp-1w\ndescription: Small, with Calico.\ncontrolPlanes: 1\nworkers: 1\n',
};

/** A lab folder whose downloads come from a bundle in `folder`. */
async function lab(folder: string, versions: Record<string, string>): Promise<string> {
  await mkdir(folder, { recursive: true });
  const bundle = { schema: 1, name: 'b', from: 'modules', platform: 'linux/amd64', versions };
  await writeFile(
    path.join(folder, 'bundle.json'),
    JSON.stringify({ ...bundle, files: [], images: [], keys: {} }),
  );
  const decisions = { provider: 'lxc', hostOnlySubnet: '192.168.56.0/24', bundle: folder };
  await mkdir(path.join(base, 'lab', '.k8slab'), { recursive: true });
  await writeFile(path.join(base, 'lab', '.k8slab', 'decisions.json'), JSON.stringify(decisions));
  return path.join(base, 'lab');
}

const kept = (): string => path.join(base, 'k8slab', 'bundles', 'kubernetes-1.36.3');

test('the same command again means the lab with flannel that it made', async () => {
  const folder = await lab(kept(), { flannel: '0.28.4' });
  const { text, asked } = await asDecided(description, folder, await loadAssets());
  expect(text).toMatch(/^cni: flannel # Calico is not in the bundle/m);
  expect(text).toMatch(/^description: Small, with flannel\.$/m);
  expect(asked).toEqual({
    text: description.text,
    set: ['cni=flannel', 'description=Small, with flannel.'],
  });
});

test.each([
  ['a bundle that a person named', 'elsewhere', { flannel: '0.28.4' }, description],
  ['a bundle that has Calico', 'kept', { flannel: '0.28.4', calico: '3.28.5' }, description],
  ['another --bundle', 'kept', { flannel: '0.28.4' }, { ...description, bundle: 'none' }],
  [
    'a network of its own choice',
    'kept',
    { flannel: '0.28.4' },
    { ...description, text: `${description.text}cni: calico\n` },
  ],
] as const)('%s leaves the description alone', async (_, where, versions, own) => {
  const folder = await lab(where === 'kept' ? kept() : path.join(base, where), versions);
  expect(await asDecided(own, folder, await loadAssets())).toEqual(own);
});
