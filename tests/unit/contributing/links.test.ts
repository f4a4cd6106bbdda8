import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const root = path.join(import.meta.dirname, '..', '..', '..');
const pages = [
  ...readdirSync(root),
  ...['docs', 'labs', 'box-templates', 'provision-scripts', 'tests/bench', 'tests/e2e'].flatMap((folder) =>
    below(folder),
  ),
].filter((file) => file.endsWith('.md'));

function below(folder: string): string[] {
  const full = path.join(root, folder);
  if (!existsSync(full)) return [];
  return readdirSync(full, { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file));
}

/** A page without its code, in which brackets mean something else. */
const prose = (page: string): string =>
  readFileSync(path.join(root, page), 'utf8')
    .replaceAll(/^```.*?^```$/gms, '')
    .replaceAll(/`[^`\n]*`/g, '');

/** The anchors GitHub gives the headings of a page. */
const anchors = (page: string): string[] =>
  [...readFileSync(path.join(root, page), 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

test('there are pages to look at', () => {
  expect(pages).toEqual(
    expect.arrayContaining(['README.md', 'CONTRIBUTING.md', path.join('docs', 'concepts.md')]),
  );
});

test.each(pages)('links of %s lead somewhere', (page) => {
  const links = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  const broken = links
    .filter((target) => !/^(https?|mailto):/.test(target))
    .filter((target) => {
      const [file = '', anchor] = target.split('#');
      const to = file === '' ? page : path.join(path.dirname(page), decodeURIComponent(file));
      if (!existsSync(path.join(root, to))) return true;
      return anchor !== undefined && !anchors(to).includes(anchor);
    });
  expect(broken).toEqual([]);
});
