import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../../src/assets/load.js';
import { recipeHash } from '../../../src/box/identity.js';
import { bakedBoxes, ownBoxes, type AboutBakedBox } from '../../../src/box/installed.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'k8slab-boxes-'));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const templates = path.join(packageRoot, 'box-templates');
const env = (): Record<string, string> => ({ VAGRANT_HOME: home });

function put(name: string, version: string, inside: string, files: Record<string, string>): string {
  const folder = path.join(home, 'boxes', name.replace('/', '-VAGRANTSLASH-'), version, inside);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'metadata.json'), '{"provider":"lxc"}');
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
  return folder;
}

async function about(more: Partial<AboutBakedBox> = {}): Promise<AboutBakedBox> {
  return {
    schema: 1,
    name: 'k8slab/debian-12-kubernetes-1.36.3',
    version: '20261121.1.1',
    provider: 'lxc',
    from: 'k8slab/debian-12',
    recipe: await recipeHash(path.join(templates, 'lxc', 'box')),
    created: '2026-11-21T10:00:00.000Z',
    key: 'a'.repeat(64),
    images: ['registry.k8s.io/pause:3.10.2'],
    contents: { kubernetes: '1.36.3' },
    ...more,
  };
}

const json = (value: unknown): Record<string, string> => ({ 'k8slab.json': JSON.stringify(value) });

describe('the boxes of ours', () => {
  test('are read from the folder of Vagrant, built ones and baked ones, others left out', async () => {
    put('k8slab/debian-12', '20261120.1.1', 'lxc', { 'rootfs.sha256': `${'b'.repeat(64)}  rootfs.tar.gz\n` });
    put('k8slab/debian-12-kubernetes-1.36.3', '20261121.1.1', 'lxc', json(await about()));
    put('bento/debian-12', '1.0.0', 'virtualbox', {});
    const boxes = await ownBoxes(env());
    expect(boxes.map(({ name, version, provider }) => `${name} ${version} ${provider}`).sort()).toEqual([
      'k8slab/debian-12 20261120.1.1 lxc',
      'k8slab/debian-12-kubernetes-1.36.3 20261121.1.1 lxc',
    ]);
    expect(boxes.find(({ baked }) => !baked)).toMatchObject({ root: 'b'.repeat(64) });
  });

  test('are found below a folder for the processor, as Vagrant 2.4 has it', async () => {
    put('k8slab/debian-12-kubernetes-1.36.3', '20261121.1.1', 'amd64/lxc', json(await about()));
    expect(await ownBoxes(env())).toMatchObject([{ provider: 'lxc', version: '20261121.1.1' }]);
  });

  test('are none on a host where Vagrant never ran', async () => {
    expect(await ownBoxes({ VAGRANT_HOME: path.join(home, 'nothing') })).toEqual([]);
  });
});

describe('baked boxes that labs may start from', () => {
  test('are told with the version that Vagrant knows', async () => {
    put('k8slab/debian-12-kubernetes-1.36.3', '20261122.2.2', 'lxc', json(await about()));
    expect(await bakedBoxes(templates, env())).toMatchObject([
      { version: '20261122.2.2', from: 'k8slab/debian-12', key: 'a'.repeat(64) },
    ]);
  });

  test('are not those made from another recipe, damaged ones, or ones of another k8slab', async () => {
    put('k8slab/debian-12-a', '1.1.1', 'lxc', json(await about({ recipe: 'c'.repeat(64) })));
    put('k8slab/debian-12-b', '1.1.1', 'lxc', { 'k8slab.json': '{"schema":' });
    put('k8slab/debian-12-c', '1.1.1', 'lxc', json({ ...(await about()), schema: 2 }));
    expect(await ownBoxes(env())).toHaveLength(3);
    expect(await bakedBoxes(templates, env())).toEqual([]);
  });

  test('stop fitting when the recipe of their box changes', async () => {
    put('k8slab/debian-12-kubernetes-1.36.3', '20261121.1.1', 'lxc', json(await about()));
    const changed = path.join(home, 'templates');
    cpSync(path.join(templates, 'lxc', 'box'), path.join(changed, 'lxc', 'box'), { recursive: true });
    expect(await bakedBoxes(changed, env())).toHaveLength(1);
    writeFileSync(path.join(changed, 'lxc', 'box', 'packages.txt'), 'systemd\n');
    expect(await bakedBoxes(changed, env())).toEqual([]);
  });
});
