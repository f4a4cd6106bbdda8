import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as tar from 'tar';
import { rootLayer } from '../../../src/bundle/modules/debianRoot.js';
import { readTar } from '../../../src/bundle/modules/tarReader.js';
import { tarBytes, withParents, type TarEntry } from '../../../src/bundle/modules/tarWriter.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'k8slab-tar-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function bytesOf(entries: readonly TarEntry[]): Promise<Buffer> {
  return Buffer.concat(await collect(tarBytes(entries, 1_000_000)));
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const item of source) result.push(item);
  return result;
}

async function written(name: string, entries: readonly TarEntry[]): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, await bytesOf(entries));
  return file;
}

const deep = `${'a-long-folder-name/'.repeat(12)}${'x'.repeat(120)}`;

describe('tarBytes', () => {
  test('is unpacked by another implementation as it was meant', async () => {
    await writeFile(path.join(folder, 'program'), 'p'.repeat(1000));
    const file = await written('a.tar', [
      { path: 'usr/bin/program', mode: 0o755, file: path.join(folder, 'program') },
      { path: 'usr/bin/program-too', mode: 0o755, file: path.join(folder, 'program') },
      { path: 'etc/text', mode: 0o644, text: 'ü\n' },
      { path: 'etc/link', mode: 0o777, link: 'text' },
      { path: 'empty', mode: 0o755 },
      { path: deep, mode: 0o600, text: 'deep' },
    ]);
    const seen: Record<string, unknown> = {};
    await tar.list({
      file,
      onReadEntry: (entry) => {
        seen[entry.path] = [
          entry.type,
          entry.mode,
          entry.size,
          entry.linkpath ?? '',
          entry.uid,
          Number(entry.mtime),
        ];
      },
    });
    const time = 1_000_000_000;
    expect(seen).toEqual({
      'usr/bin/program': ['File', 0o755, 1000, '', 0, time],
      'usr/bin/program-too': ['Link', 0o755, 0, 'usr/bin/program', 0, time],
      'etc/text': ['File', 0o644, 3, '', 0, time],
      'etc/link': ['SymbolicLink', 0o777, 0, 'text', 0, time],
      'empty/': ['Directory', 0o755, 0, '', 0, time],
      [deep]: ['File', 0o600, 4, '', 0, time],
    });
  });

  test('is the same whatever the order of its entries', async () => {
    const entries = [
      { path: 'b', mode: 0o644, text: 'b' },
      { path: 'a', mode: 0o644, text: 'a' },
    ];
    expect(await bytesOf(entries)).toEqual(await bytesOf([...entries].reverse()));
  });

  test('has every folder above its files when asked for', () => {
    const entries = withParents([
      { path: 'usr/local/bin/x', mode: 0o755, text: '' },
      { path: 'usr/local', mode: 0o700 },
    ]);
    expect(entries.map((entry) => entry.path).sort()).toEqual([
      'usr',
      'usr/local',
      'usr/local/bin',
      'usr/local/bin/x',
    ]);
    expect(entries.find((entry) => entry.path === 'usr/local')?.mode).toBe(0o700);
  });
});

describe('readTar', () => {
  test('gives paths and content, also of long names', async () => {
    const file = await written('a.tar', [
      { path: deep, mode: 0o644, text: 'deep' },
      { path: 'short', mode: 0o644, text: 's' },
    ]);
    const entries = await collect(readTar(file));
    expect(entries.map((entry) => [entry.path, entry.content.toString()])).toEqual([
      [deep, 'deep'],
      ['short', 's'],
    ]);
  });

  test('refuses one that ends too early', async () => {
    const file = await written('a.tar', [{ path: 'long', mode: 0o644, text: 'x'.repeat(5000) }]);
    await writeFile(file, (await readFile(file)).subarray(0, 2000));
    await expect(collect(readTar(file))).rejects.toThrow('ends too early');
  });
});

describe('rootLayer', () => {
  const below: TarEntry[] = [
    { path: 'etc', mode: 0o755 },
    { path: 'etc/same', mode: 0o644, text: 'same' },
    { path: 'etc/changed', mode: 0o644, text: 'old' },
  ];
  const above: TarEntry[] = [
    { path: 'etc', mode: 0o755 },
    { path: 'etc/same', mode: 0o644, text: 'same' },
    { path: 'etc/changed', mode: 0o644, text: 'new' },
    { path: 'etc/service', mode: 0o777, link: '/elsewhere' },
    { path: 'etc/services', mode: 0o644, text: 'ports' },
    { path: 'var/log/dpkg.log', mode: 0o644, text: 'log' },
  ];

  test('holds only what differs from the root below and is of use', async () => {
    const layer = path.join(folder, 'layer.tar');
    const parts = rootLayer(await written('a.tar', above), ['etc/service'], await written('b.tar', below));
    await writeFile(layer, Buffer.concat(await collect(parts)));
    const entries = await collect(readTar(layer));
    expect(entries.map((entry) => [entry.path, entry.content.toString()])).toEqual([
      ['etc/changed', 'new'],
      ['etc/services', 'ports'],
    ]);
  });
});
