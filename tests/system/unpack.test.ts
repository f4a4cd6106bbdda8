import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

/** `unpack` of the provisioners with the real tar: what a run that is broken off leaves, and what the next makes of it. */
const library = path.resolve(import.meta.dirname, '../../provision-scripts/lib/unpack.sh');
const programs = { helper: randomBytes(300_000), tool: randomBytes(300_000) };
let folder: string;
let target: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'k8slab-unpack-'));
  target = path.join(folder, 'bin');
  mkdirSync(path.join(folder, 'archive/bin'), { recursive: true });
  for (const [name, bytes] of Object.entries(programs))
    writeFileSync(path.join(folder, 'archive/bin', name), bytes, { mode: 0o755 });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** An archive with the programs in this order; `cut`: bytes of it that never arrived. */
function archive(names: string[], cut = 0): string {
  const file = path.join(folder, 'archive.tar.gz');
  const members = names.map((name) => `bin/${name}`);
  execFileSync('tar', ['--create', '--gzip', '--file', file, '-C', path.join(folder, 'archive'), ...members]);
  if (cut > 0) truncateSync(file, readFileSync(file).length - cut);
  return file;
}

function unpack(file: string): number | null {
  const script = 'set -euo pipefail; . "$0"; unpack "$1" "$2" tool --strip-components 1';
  return spawnSync('bash', ['-c', script, library, file, target], { stdio: 'ignore' }).status;
}

test('the files are there, whole, and can be run', () => {
  expect(unpack(archive(['tool', 'helper']))).toBe(0);
  expect(readdirSync(target).sort()).toEqual(['helper', 'tool']);
  for (const [name, bytes] of Object.entries(programs))
    expect(readFileSync(path.join(target, name)).equals(bytes)).toBe(true);
  execFileSync('test', ['-x', path.join(target, 'tool')]);
});

test.each([
  ['in its first file', 500_000],
  ['in its second file', 100_000],
])('broken off %s: nothing of it is in place, and what was there before still is', (_where, cut) => {
  mkdirSync(target);
  writeFileSync(path.join(target, 'helper'), 'the old one');
  expect(unpack(archive(['tool', 'helper'], cut))).not.toBe(0);
  expect(readdirSync(target).filter((name) => !name.startsWith('.'))).toEqual(['helper']);
  expect(readFileSync(path.join(target, 'helper'), 'utf8')).toBe('the old one');

  expect(unpack(archive(['tool', 'helper']))).toBe(0);
  expect(readdirSync(target).sort()).toEqual(['helper', 'tool']);
});

test('the file that tells that all are there comes last', () => {
  mkdirSync(path.join(target, 'helper'), { recursive: true });
  expect(unpack(archive(['tool', 'helper']))).not.toBe(0);
  expect(readdirSync(target).filter((name) => !name.startsWith('.'))).toEqual(['helper']);
});
