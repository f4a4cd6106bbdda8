import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { assetFolders } from '../../../src/assets/folders.js';
import { loadAssets, packageRoot, prebuildAssets } from '../../../src/assets/load.js';
import { K8slabError, K8slabErrors } from '../../../src/errors/error.js';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'k8slab-assets-'));
  await Promise.all(
    assetFolders.map((folder) =>
      cp(path.join(packageRoot, folder), path.join(root, folder), { recursive: true }),
    ),
  );
});
afterEach(() => rm(root, { recursive: true, force: true }));

const base = 'provision-scripts/base/manifest.yaml';

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const full = path.join(root, file);
  await writeFile(full, change(await readFile(full, 'utf8')));
}

async function failure(): Promise<K8slabError[]> {
  try {
    await loadAssets(root);
  } catch (error) {
    if (error instanceof K8slabErrors) return [...error.errors];
    if (error instanceof K8slabError) return [error];
    throw error;
  }
  return [];
}

describe('loading', () => {
  test('finds providers in order of preference, step folders by name, presets and texts', async () => {
    const assets = await loadAssets(root);
    const preferences = Object.values(assets.providers).map(({ preference }) => preference);
    expect(preferences).toEqual([...preferences].sort((a, b) => a - b));
    expect(Object.keys(assets.providers)).toEqual(expect.arrayContaining(['virtualbox', 'lxc']));
    expect(Object.keys(assets.runtimes)).toContain('containerd');
    expect(Object.keys(assets.cnis)).toEqual(expect.arrayContaining(['bridge', 'calico']));
    expect(Object.keys(assets.bootstraps)).toEqual(expect.arrayContaining(['kubeadm', 'none']));
    expect(assets.base.steps.length).toBeGreaterThan(0);
    expect(assets.presets['1cp-2w']).toEqual({
      name: '1cp-2w',
      file: path.join(root, 'labs', '1cp-2w', 'lab.yaml'),
      text: await readFile(path.join(root, 'labs/1cp-2w/lab.yaml'), 'utf8'),
    });
    expect(assets.texts['provision-scripts/lib/step.sh']).toContain('step()');
    expect(Object.keys(assets.texts).filter((file) => /manifest\.yaml$|\/box\//.test(file))).toEqual([]);
  });

  test('takes a new folder for what it is, with nothing else to change', async () => {
    await mkdir(path.join(root, 'provision-scripts/cni/mine'));
    await writeFile(
      path.join(root, 'provision-scripts/cni/mine/manifest.yaml'),
      'title: Mine\ndescription: M.\nsteps: []\n',
    );
    await mkdir(path.join(root, 'labs/mine'));
    await writeFile(path.join(root, 'labs/mine/lab.yaml'), 'cni: mine\n');
    const assets = await loadAssets(root);
    expect(assets.cnis.mine?.title).toBe('Mine');
    expect(assets.presets.mine?.text).toBe('cni: mine\n');
  });

  test('gives texts with LF line ends whatever the checkout made of them, without editors’ leftovers', async () => {
    await edit('provision-scripts/lib/step.sh', (text) => text.replaceAll('\n', '\r\n'));
    await writeFile(path.join(root, 'provision-scripts/base/.manifest.yaml.swp'), 'x');
    await writeFile(path.join(root, 'provision-scripts/base/names.sh~'), 'x');
    const { texts } = await loadAssets(root);
    expect(texts['provision-scripts/lib/step.sh']).not.toContain('\r');
    expect(Object.keys(texts).filter((file) => /swp$|~$/.test(file))).toEqual([]);
  });
});

describe('an installed package', () => {
  test('is read from what its build made, which is what the folders say', async () => {
    const installed = path.join(root, 'node_modules', 'k8slab');
    await mkdir(path.join(installed, 'dist'), { recursive: true });
    const { text } = await prebuildAssets(root);
    await writeFile(path.join(installed, 'dist', 'assets.json'), text);
    const assets = await loadAssets(installed);
    const fromFolders = await loadAssets(root);
    expect({ ...assets, presets: {} }).toEqual({ ...fromFolders, presets: {} });
    expect(Object.keys(assets.providers)).toEqual(Object.keys(fromFolders.providers));
    expect(assets.presets['1cp-2w']).toEqual({
      ...fromFolders.presets['1cp-2w'],
      file: path.join(installed, 'labs', '1cp-2w', 'lab.yaml'),
    });
  });

  test('is read from its folders when they are all there is, and a checkout always is', async () => {
    const installed = path.join(root, 'node_modules', 'k8slab');
    for (const folder of assetFolders) {
      await cp(path.join(root, folder), path.join(installed, folder), { recursive: true });
    }
    expect((await loadAssets(installed)).base.title).toBe('Base');
    await mkdir(path.join(root, 'dist'));
    await writeFile(path.join(root, 'dist', 'assets.json'), '{"stale": true}');
    expect((await loadAssets(root)).base.title).toBe('Base');
  });
});

describe('a mistake in a manifest', () => {
  test('is named by file and field, with its line', async () => {
    await edit(base, (text) => text.replace(/^(\s+phase: )base$/m, '$1bases'));
    const line =
      (await readFile(path.join(root, base), 'utf8'))
        .split('\n')
        .findIndex((text) => text.includes('bases')) + 1;
    const [error, ...more] = await failure();
    expect(more).toEqual([]);
    expect(error?.code).toBe('RENDER_ASSET');
    expect(error?.message).toMatch(
      /^provision-scripts\/base\/manifest\.yaml: steps\[0\]\.phase: .*"runtime"/,
    );
    expect(error?.where).toMatchObject({ file: base, line });
  });

  test('does not hide the others', async () => {
    await edit(base, (text) => `${text.replace('title: Base', 'titel: Base')}\nmore: 1\n`);
    await edit('box-templates/virtualbox/provider.yaml', (text) =>
      text.replace('preference: 1', 'preference: first'),
    );
    await writeFile(path.join(root, 'provision-scripts/kubernetes/manifest.yaml'), 'title: [\n');
    const messages = (await failure()).map((error) => error.message).join('\n');
    expect(messages).toMatch(/base\/manifest\.yaml: title/);
    expect(messages).toMatch(/base\/manifest\.yaml: .*more/);
    expect(messages).toMatch(/virtualbox\/provider\.yaml: preference/);
    expect(messages).toMatch(/kubernetes\/manifest\.yaml/);
  });

  test('or a missing one is named', async () => {
    await rm(path.join(root, base));
    expect((await failure()).map((error) => error.message)).toEqual([`${base} is missing.`]);
  });

  test('or a missing folder is named', async () => {
    await rm(path.join(root, 'labs'), { recursive: true });
    expect((await failure()).map((error) => error.message).join()).toContain(path.join(root, 'labs'));
  });
});
