import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadAssets } from '../../../src/assets/load.js';
import { create } from '../../../src/commands/create.js';
import type { Context } from '../../../src/commands/context.js';
import { describe as describeLab } from '../../../src/commands/describeLab.js';
import { descriptionOf, layDown } from '../../../src/commands/lab.js';
import { planHere } from '../../../src/commands/planHere.js';
import { plainPalette } from '../../../src/errors/palette.js';

const subnet = 'networking.hostOnlySubnet=10.213.7.0/24';
let root = '';
const before = process.cwd();
const stateBefore = process.env.K8SLAB_STATE_DIR;

beforeAll(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'k8slab-create-')));
  process.chdir(root);
  process.env.K8SLAB_STATE_DIR = path.join(root, 'state');
});

afterAll(async () => {
  process.chdir(before);
  if (stateBefore === undefined) delete process.env.K8SLAB_STATE_DIR;
  else process.env.K8SLAB_STATE_DIR = stateBefore;
  await rm(root, { recursive: true });
});

function listener(): { context: Context; said: () => string } {
  const lines: string[] = [];
  const context: Context = {
    json: false,
    say: (text = '') => void lines.push(text),
    result: () => undefined,
    palette: plainPalette,
    stream: process.stderr,
    terminal: false,
    canAsk: false,
    signal: new AbortController().signal,
    version: '0.0.0',
  };
  return { context, said: () => lines.join('\n') };
}

const flags = { lab: 'cni-2n', provider: 'lxc', set: [subnet], up: false, setup: false, yes: false };

describe('create', () => {
  test('run again with the same flags finds its own lab, not a lab in the way', async () => {
    expect(await create(flags, listener().context)).toBe(0);
    expect(await create(flags, listener().context)).toBe(0);
  });

  test('says where to go in words that a shell understands', async () => {
    const { context, said } = listener();
    await create(
      { ...flags, set: ['networking.hostOnlySubnet=10.213.8.0/24'], dir: "it's $(mine)" },
      context,
    );
    expect(said()).toContain(`cd 'it'\\''s $(mine)' && k8slab up`);
  });

  test('shows a mistake of --set where it was made', async () => {
    const wrong = { lab: 'cni-2n', set: ['networking.podSubnet=10.12.0.1/16'] };
    const assets = await loadAssets();
    const planned = describeLab(wrong, assets).then((description) => planHere(description, assets));
    await expect(planned).rejects.toMatchObject({
      errors: [{ code: 'LAB_HOST_BITS', where: { file: '--set', text: wrong.set[0] } }],
    });
  });
});

describe('a lab that is there', () => {
  test('can be planned from its own lab.yaml', async () => {
    const assets = await loadAssets();
    const description = await descriptionOf(path.join(root, 'cni-2n'));
    const cluster = await planHere(description, assets);
    expect(cluster.networking.hostOnly.cidr).toBe('10.213.7.0/24');
  });

  test('keeps a machine whose first boot was cut off in its plan', async () => {
    const folder = path.join(root, 'cni-2n');
    await mkdir(path.join(folder, '.vagrant/machines/node2/lxc'), { recursive: true });
    await writeFile(path.join(folder, '.vagrant/machines/node2/lxc/id'), 'cni-2n-node2-7');
    const file = path.join(folder, 'lab.yaml');
    const whole = await readFile(file, 'utf8');
    await writeFile(file, whole.replace('count: 2', 'count: 1').replace(/^.*node2.*\n/m, ''));
    const again = layDown(folder, await descriptionOf(folder), await loadAssets(), 'test');
    await expect(again).rejects.toMatchObject({ code: 'LAB_MACHINE_LOST' });
    await writeFile(file, whole);
  });

  test('without its lab.yaml says how to go on', async () => {
    const folder = path.join(root, 'cni-2n');
    await rm(path.join(folder, 'lab.yaml'));
    await expect(descriptionOf(folder)).rejects.toMatchObject({
      code: 'LAB_NOT_FOUND',
      fix: expect.arrayContaining([expect.stringContaining(`--dir ${folder}`)]),
    });
  });
});
