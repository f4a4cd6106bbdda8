import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { K8slabError } from '../../../src/errors/error.js';
import { labPaths, prepareLabFolder, writeLabFile } from '../../../src/write/labFolder.js';
import { clusterDocument, decisionsDocument, readState, writeState } from '../../../src/write/stateStore.js';
import { temporaryFolder } from './support/folders.js';

const decisions = { provider: 'lxc', hostOnlySubnet: '192.168.57.0/24' };

describe('state documents', () => {
  test('are absent in a new lab and read back as they were written', async () => {
    const { state } = await prepareLabFolder(await temporaryFolder());
    expect(await readState(state, decisionsDocument)).toBeUndefined();
    await writeState(state, decisionsDocument, decisions);
    await writeState(state, decisionsDocument, { ...decisions, provider: 'virtualbox' });
    expect(await readState(state, decisionsDocument)).toEqual({ ...decisions, provider: 'virtualbox' });
  });

  test.each([
    ['cut off', '{"provider": "lx', 'JSON'],
    ['empty', '', 'JSON'],
    ['of another shape', '{"provider": 7, "hostOnlySubnet": "x"}', 'provider'],
    ['of a newer version', '{"provider": "lxc", "hostOnlySubnet": "x", "more": 1}', 'more'],
  ])('that are %s are named, with what to do', async (_, text, word) => {
    const { state } = await prepareLabFolder(await temporaryFolder());
    await writeFile(path.join(state, 'decisions.json'), text);
    const error: unknown = await readState(state, decisionsDocument).catch((reason: unknown) => reason);
    if (!(error instanceof K8slabError)) throw new Error('no K8slabError');
    expect(error.code).toBe('RENDER_STATE');
    expect(error.message).toContain(path.join(state, 'decisions.json'));
    expect(error.message).toContain(word);
    expect(error.fix.join()).toContain('k8slab render');
  });

  test('a cluster that is none is refused', async () => {
    const { state } = await prepareLabFolder(await temporaryFolder());
    await writeFile(path.join(state, 'cluster.json'), '{"schema": 2, "name": "x", "machines": []}');
    await expect(readState(state, clusterDocument)).rejects.toMatchObject({ code: 'RENDER_STATE' });
  });
});

describe('lab.yaml', () => {
  test('is written once, left alone when it is the same, and never replaced', async () => {
    const { dir } = await prepareLabFolder(await temporaryFolder());
    await writeLabFile(dir, 'workers: 2\n');
    await writeLabFile(dir, 'workers: 2\r\n');
    await expect(writeLabFile(dir, 'workers: 3\n')).rejects.toMatchObject({ code: 'RENDER_LAB_EXISTS' });
    expect(await readFile(labPaths(dir).labFile, 'utf8')).toBe('workers: 2\n');
  });
});
