import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadAssets, packageRoot } from '../../src/assets/load.js';
import { checksDocument } from '../../src/checks/document.js';
import { loadChecks } from '../../src/collect/loadChecks.js';
import { catalogue } from '../../src/errors/catalogue/index.js';
import { catalogueDocument } from '../../src/errors/document.js';
import { labJsonSchema } from '../../src/lab/jsonSchema.js';
import { parseLab } from '../../src/lab/parse.js';
import { labReference } from '../../src/lab/reference.js';
import { planText } from '../../src/plan/text.js';
import { allFixtures } from '../unit/checks/fixtures.js';
import { goldenCases, planOf } from './support/cases.js';

/** The part of a page between its two marks is generated; `UPDATE_GOLDEN=1` writes it. */
async function withGenerated(
  page: string,
  text: string,
): Promise<{ file: string; now: string; wanted: string }> {
  const file = path.join(packageRoot, page);
  const now = await readFile(file, 'utf8');
  const marks = /(<!-- generated: begin -->\n)[^]*(\n<!-- generated: end -->)/;
  expect(now).toMatch(marks);
  return {
    file,
    now,
    wanted: now.replace(marks, (_, begin: string, end: string) => `${begin}\n${text}\n${end}`),
  };
}

async function check({ file, now, wanted }: { file: string; now: string; wanted: string }): Promise<void> {
  if (process.env.UPDATE_GOLDEN) await writeFile(file, wanted);
  else expect(now).toBe(wanted);
}

/** The first half of a preset's plan, as a person sees it: up to the tables. */
async function planOfPreset(name: string): Promise<string> {
  const assets = await loadAssets();
  const golden = goldenCases(assets).find((one) => one.name === `${name}-virtualbox`);
  if (golden === undefined) throw new Error(`no preset ${name}`);
  const [picture = ''] = planText(planOf(golden, assets)).split('\nMachines\n');
  return picture;
}

/** Pages about the program; the others are about a topology each. */
const general = /^(boxes|bundles|checks|commands|concepts|errors|lab|labs|performance|tested)\.md$/;

/** A line a preset; its page is the one that names it before its second heading. */
async function presetTable(): Promise<string> {
  const assets = await loadAssets();
  const folder = path.join(packageRoot, 'docs');
  const pages = (await readdir(folder)).filter((name) => name.endsWith('.md') && !general.test(name)).sort();
  const topologies = await Promise.all(
    pages.map(async (page) => {
      const text = await readFile(path.join(folder, page), 'utf8');
      const [, title = page] = /^# (.*)$/m.exec(text) ?? [];
      return { page, title, opening: text.split('\n## ').slice(0, 2).join('') };
    }),
  );
  const rows = Object.values(assets.presets).map(({ name, file, text }) => {
    const { lab } = parseLab(text, file, assets);
    const own = topologies.filter(({ opening }) => opening.includes(`\`${name}\``));
    const links = own.map(({ page, title }) => `[${title}](${page})`).join(', ');
    return `| [\`${name}\`](../labs/${name}/README.md) | ${lab.description} | ${links} |`;
  });
  return ['| preset | what it is | page |', '| --- | --- | --- |', ...rows].join('\n');
}

describe('generated documentation says what the code says', () => {
  test('docs/lab.md lists every field of the schema', async () => {
    await check(await withGenerated('docs/lab.md', labReference(labJsonSchema(await loadAssets()))));
  });

  test('docs/labs.md lists every preset, with its page', async () => {
    await check(await withGenerated('docs/labs.md', await presetTable()));
  });

  test('docs/errors.md holds every page of the catalogue', async () => {
    await check(await withGenerated('docs/errors.md', catalogueDocument(catalogue)));
  });

  test('docs/checks.md holds every check, and the page of every finding that it can have', async () => {
    const fixtures = allFixtures();
    const checks = (await loadChecks()).map((one) => ({
      ...one,
      codes: fixtures
        .filter(({ check }) => check === one.id)
        .flatMap(({ expect }) => expect.map(({ code }) => code)),
    }));
    await check(await withGenerated('docs/checks.md', checksDocument(checks, catalogue)));
  });

  test('README.md shows the plan of 1cp-2w', async () => {
    const text = ['```', '$ npx k8slab plan 1cp-2w', await planOfPreset('1cp-2w'), '…', '```'].join('\n');
    await check(await withGenerated('README.md', text));
  });
});
