import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadAssets, packageRoot } from '../../src/assets/load.js';
import { catalogue } from '../../src/errors/catalogue/index.js';
import { catalogueDocument } from '../../src/errors/document.js';
import { labJsonSchema } from '../../src/lab/jsonSchema.js';
import { labReference } from '../../src/lab/reference.js';

/** The part of a page between its two marks is generated; `UPDATE_GOLDEN=1` writes it. */
async function withGenerated(
  page: string,
  text: string,
): Promise<{ file: string; now: string; wanted: string }> {
  const file = path.join(packageRoot, 'docs', page);
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

describe('generated documentation says what the code says', () => {
  test('docs/lab.md lists every field of the schema', async () => {
    await check(await withGenerated('lab.md', labReference(labJsonSchema(await loadAssets()))));
  });

  test('docs/errors.md holds every page of the catalogue', async () => {
    await check(await withGenerated('errors.md', catalogueDocument(catalogue)));
  });
});
