import { chmod, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { loadAssets } from '../../src/assets/load.js';
import type { FileTree } from '../../src/render/fileTree.js';
import { markerText } from '../../src/render/marker.js';
import { renderLab } from '../../src/render/renderLab.js';
import { facts, goldenCases, planOf, type GoldenCase } from './support/cases.js';

/**
 * The files of these labs lie in tests/golden/labs, to be read and reviewed like code.
 * After a change that is meant: UPDATE_GOLDEN=1 npm test, then look at the difference in version control.
 */
const folder = path.join(import.meta.dirname, 'labs');
const update = process.env.UPDATE_GOLDEN === '1';

const assets = await loadAssets();
const cases = goldenCases(assets);

if (update) await rm(folder, { recursive: true, force: true });

describe.each(cases)('$name', (golden) => {
  const tree = renderLab(planOf(golden, assets), facts, assets);

  test('gives the files on disk', async () => {
    if (update) await writeGolden(golden, tree);
    const expected = await readGolden(golden);
    expect([...tree.keys()]).toEqual([...expected.keys()].sort());
    const differences = [...tree].flatMap(([file, { content }]) =>
      firstDifference(file, expected.get(file) ?? '', content),
    );
    expect(differences).toEqual([]);
  });

  test('has only well-formed files', () => {
    const problems = [...tree].flatMap(([file, { content, mode }]) => [
      ...(content.includes('\r') ? [`${file}: carriage return`] : []),
      ...(content.endsWith('\n') && !content.endsWith('\n\n')
        ? []
        : [`${file}: not one line feed at the end`]),
      ...(/\bundefined\b|\[object |\{\{/.test(content) ? [`${file}: a value is missing`] : []),
      ...(/\.(json|conflist)$/.test(file) || content.slice(0, 200).includes(markerText)
        ? []
        : [`${file}: no marker`]),
      ...((mode === 0o755) === file.endsWith('.sh') ? [] : [`${file}: mode ${mode.toString(8)}`]),
      ...(/(-----BEGIN|\b(?!abcdef\.0123456789abcdef)[a-z0-9]{6}\.[a-z0-9]{16}\b)/.test(content)
        ? [`${file}: a secret`]
        : []),
      ...syntaxProblems(file, content),
    ]);
    expect(problems).toEqual([]);
  });
});

test('there is a folder for each lab and no other', async () => {
  expect((await readdir(folder)).sort()).toEqual(cases.map(({ name }) => name).sort());
});

test('the same lab gives the same bytes, with assets read anew', async () => {
  const again = await loadAssets();
  for (const golden of goldenCases(again)) {
    const [one, other] = [assets, again].map((given) => [...renderLab(planOf(golden, given), facts, given)]);
    expect(one).toEqual(other);
  }
});

test('the plan survives a journey through JSON', () => {
  for (const golden of cases) {
    const cluster = planOf(golden, assets);
    const copy = JSON.parse(JSON.stringify(cluster)) as typeof cluster;
    expect([...renderLab(copy, facts, assets)]).toEqual([...renderLab(cluster, facts, assets)]);
  }
});

async function writeGolden({ name }: GoldenCase, tree: FileTree): Promise<void> {
  for (const [file, { content, mode }] of tree) {
    const full = path.join(folder, name, file);
    await mkdir(path.dirname(full), { recursive: true });
    await writeFile(full, content);
    await chmod(full, mode);
  }
}

async function readGolden({ name }: GoldenCase): Promise<Map<string, string>> {
  const root = path.join(folder, name);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return new Map(
    files.map((file, index) => [path.relative(root, file).replaceAll(path.sep, '/'), texts[index] ?? '']),
  );
}

function firstDifference(file: string, expected: string, actual: string): string[] {
  if (expected === actual) return [];
  const [before, after] = [expected.split('\n'), actual.split('\n')];
  const line = after.findIndex((text, index) => text !== before[index]);
  const number = line < 0 ? after.length : line;
  return [
    `${file}:${number + 1}: expected ${JSON.stringify(before[number])}, is ${JSON.stringify(after[number])}`,
  ];
}

function syntaxProblems(file: string, content: string): string[] {
  try {
    if (/\.ya?ml$/.test(file)) {
      const errors = parseAllDocuments(content, { strict: true }).flatMap((document) => document.errors);
      return errors.map((error) => `${file}: ${error.message}`);
    }
    if (/\.(json|conflist)$/.test(file)) JSON.parse(content);
    return [];
  } catch (error) {
    return [`${file}: ${String(error)}`];
  }
}
