import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { rowsOf } from '../../picture/ansi.js';
import { pictureOf, someRows } from '../../picture/svg.js';

const root = path.join(import.meta.dirname, '..', '..', '..');
const read = (...parts: string[]): string => readFileSync(path.join(root, ...parts), 'utf8');

/** What of the recording the README's picture shows; see CONTRIBUTING.md. */
const shown = '1,18-34,90-96,170-173,192-224';

test('the README’s picture is drawn from its recording', () => {
  const rows = someRows(rowsOf(read('tests', 'picture', 'first-run.txt')), shown);
  expect(read('docs', 'first-run.svg')).toBe(pictureOf(rows, 'A first run'));
});

test('what apt printed is not in the recording: it names the hosts of one computer', () => {
  expect(read('tests', 'picture', 'first-run.txt')).not.toMatch(
    /^(Get|Hit|Ign):\d|^Setting up |deb\.debian/m,
  );
});

test('the recording is of the README’s first command, and ended with a sound cluster', () => {
  const [command = []] = rowsOf(read('tests', 'picture', 'first-run.txt'));
  const line = command.map(({ text }) => text).join('');
  expect(read('README.md')).toContain(`\`\`\`sh\n${line.replace(/^\$ /, '')}\n`);
  expect(read('docs', 'first-run.svg')).toContain('1cp-2w is sound');
});
