import { expect, test } from '@jest/globals';
import { Linter } from 'eslint';
import { boundaries } from '../../../eslint.boundaries.js';

const linter = new Linter();

/** Whether a file of this name below src/ may hold this line. */
function isAllowed(file: string, line: string): boolean {
  const messages = linter.verify(line, [{ files: ['**/*.ts'] }, ...boundaries], { filename: `src/${file}` });
  expect(messages.filter(({ ruleId }) => ruleId === null)).toEqual([]);
  return messages.length === 0;
}

const pure = ['lab', 'plan', 'render', 'checks/one', 'report', 'secrets', 'setup', 'errors'];
const readers = ['assets', 'collect', 'commands'];
const writers = ['write', 'box', 'bundle'];
const up = (folder: string): string => (folder.includes('/') ? '../..' : '..');

test.each(pure)('src/%s touches nothing', (folder) => {
  for (const line of [
    `import { readFile } from 'node:fs/promises';`,
    `import fs from 'fs';`,
    `import fse from 'fs-extra';`,
    `import { platform } from 'node:os';`,
    `import { env } from 'node:process';`,
    `import { execa } from 'execa';`,
    `import { spawn } from 'node:child_process';`,
    `const fs = await import('node:fs');`,
    `export const user = process.env.USER;`,
    `export const page = await fetch('https://example.org');`,
    `import { run } from '${up(folder)}/vagrant/runner.js';`,
    `import { writeLab } from '${up(folder)}/write/writeLab.js';`,
    `import { loadAssets } from '${up(folder)}/assets/load.js';`,
    `import { collect } from '${up(folder)}/collect/collect.js';`,
    `import { up } from '${up(folder)}/commands/up.js';`,
  ]) {
    expect([line, isAllowed(`${folder}/x.ts`, line)]).toEqual([line, false]);
  }
  for (const line of [
    `import { join } from 'node:path';`,
    `import { createHash } from 'node:crypto';`,
    `import { stepFolderManifest } from '${up(folder)}/assets/manifests.js';`,
    `import { K8slabError } from '${up(folder)}/errors/error.js';`,
  ]) {
    expect([line, isAllowed(`${folder}/x.ts`, line)]).toEqual([line, true]);
  }
});

test.each(readers)('src/%s reads, but does not write', (folder) => {
  const file = `${folder}/x.ts`;
  expect(isAllowed(file, `import { readFile, readdir } from 'node:fs/promises';`)).toBe(true);
  expect(isAllowed(file, `import { readFile, writeFile } from 'node:fs/promises';`)).toBe(false);
  expect(isAllowed(file, `import { rmSync } from 'fs';`)).toBe(false);
  expect(isAllowed(file, `import fs from 'node:fs';`)).toBe(false);
  expect(isAllowed(file, `import fse from 'fs-extra';`)).toBe(false);
});

test('src/write writes', () => {
  expect(isAllowed('write/x.ts', `import { writeFile } from 'node:fs/promises';`)).toBe(true);
});

test.each([...readers, ...writers])('src/%s starts no programs', (folder) => {
  expect(isAllowed(`${folder}/x.ts`, `import { spawn } from 'node:child_process';`)).toBe(false);
  expect(isAllowed(`${folder}/x.ts`, `import { execa } from 'execa';`)).toBe(false);
  expect(isAllowed(`${folder}/x.ts`, `const { execa } = await import('execa');`)).toBe(false);
});

test('src/vagrant starts them', () => {
  expect(isAllowed('vagrant/x.ts', `import { execa } from 'execa';`)).toBe(true);
});

test.each([...writers, 'vagrant'])('src/%s does not know the commands', (folder) => {
  expect(isAllowed(`${folder}/x.ts`, `import { up } from '../commands/up.js';`)).toBe(false);
});
