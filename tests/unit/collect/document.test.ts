import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  loadSnapshotDocument,
  parseSnapshotDocument,
  snapshotDocument,
} from '../../../src/collect/document.js';
import { loadAssets } from '../../../src/assets/load.js';
import { K8slabError } from '../../../src/errors/error.js';
import { baseNames, snapshotOf } from '../checks/fixtures.js';

const assets = await loadAssets();
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'k8slab-snapshot-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function errorOf(work: () => unknown): Promise<K8slabError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof K8slabError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a saved snapshot', () => {
  test.each(baseNames())('%s comes back as it was saved', async (name) => {
    const { cluster, snapshot } = snapshotOf(name);
    const file = path.join(folder, `${name}.json`);
    await writeFile(file, snapshotDocument(cluster, snapshot));
    expect(await loadSnapshotDocument(file, assets)).toEqual({ schema: 1, cluster, snapshot });
  });

  test('may hold keys of a newer version', () => {
    const { cluster, snapshot } = snapshotOf('cni-2n');
    const text = JSON.stringify({ schema: 1, cluster: { ...cluster, later: 1 }, snapshot, more: true });
    expect(parseSnapshotDocument(text, 'x', assets).cluster.name).toBe('cni-2n');
  });
});

describe('what is not one', () => {
  const { cluster, snapshot } = snapshotOf('cni-2n');
  const wrong: [string, string, RegExp][] = [
    ['text', 'hello', /x\.json is not JSON/],
    ['nothing', '', /is not JSON/],
    ['a lab', '{"name":"1cp-2w"}', /holds no snapshot/],
    ['a list', '[]', /holds no snapshot/],
    ['null', 'null', /holds no snapshot/],
    ['an older schema', JSON.stringify({ schema: 0, cluster, snapshot }), /version 0 .* reads version 1/],
    ['a newer schema', JSON.stringify({ schema: 2, cluster, snapshot }), /version 2/],
    ['no schema', JSON.stringify({ cluster, snapshot }), /an unknown version/],
    ['another cluster', JSON.stringify({ schema: 1, cluster: { name: 'x' }, snapshot }), /cluster\.schema/],
    [
      'a machine that is a string',
      JSON.stringify({ schema: 1, cluster, snapshot: { ...snapshot, machines: { node1: 'up' } } }),
      /snapshot\.machines\.node1/,
    ],
    [
      'far too many machines',
      JSON.stringify({
        schema: 1,
        cluster: { ...cluster, machines: Array(5000).fill(cluster.machines[0]) },
        snapshot,
      }),
      /cluster\.machines/,
    ],
    [
      'a name that is a command',
      JSON.stringify({
        schema: 1,
        cluster: { ...cluster, machines: [{ ...cluster.machines[0], name: '$(id)' }] },
        snapshot,
      }),
      /cluster\.machines\.0\.name/,
    ],
    ['deep nesting', `{"cluster":${'['.repeat(100_000)}`, /is not JSON/],
  ];

  test.each(wrong)('%s', async (_, text, message) => {
    const error = await errorOf(() => parseSnapshotDocument(text, 'x.json', assets));
    expect(error.code).toBe('GUEST_SNAPSHOT_INVALID');
    expect(error.exitCode).toBe(2);
    expect(error.message).toMatch(message);
    expect(error.message.length).toBeLessThan(2000);
  });

  test('a file that is not there, a folder, a huge file', async () => {
    expect(
      (await errorOf(() => loadSnapshotDocument(path.join(folder, 'none.json'), assets))).message,
    ).toMatch(/ENOENT/);
    expect((await errorOf(() => loadSnapshotDocument(folder, assets))).message).toMatch(/is not a file/);
    const huge = path.join(folder, 'huge.json');
    await writeFile(huge, '');
    await truncate(huge, 100 * 1024 * 1024);
    expect((await errorOf(() => loadSnapshotDocument(huge, assets))).message).toMatch(/too large/);
  });
});
