import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../../..');
const textsOf = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|sh)$/.test(name))
    .map((name) => readFileSync(path.join(root, folder, name), 'utf8'));
const all = (texts: string[], pattern: RegExp): Set<string> =>
  new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, ...names]) => names.join(''))));

describe('announcements of probes', () => {
  const read = all(textsOf('src/collect'), /\bsaid\('([a-z]+)'\)/g);
  const made = all(
    textsOf('provision-scripts/probe'),
    /\$BOUNDARY ([a-z]+)|printf '%s ([a-z]+) |\btell ([a-z]+) /g,
  );

  test('are made before they are read', () => {
    expect(read.size).toBeGreaterThan(5);
    expect([...read].filter((name) => !made.has(name))).toEqual([]);
  });
});

describe('observations', () => {
  const read = all(textsOf('src/collect/parse'), /(?:sections, |sections\.(?:has|get)\()'([a-z][\w-]*)'/g);
  const made = all(
    [...textsOf('provision-scripts/collect'), ...textsOf('provision-scripts/probe')],
    /\bobserve ([a-z][\w-]*)/g,
  );

  test('are read in great numbers', () => {
    expect(read.size).toBeGreaterThan(40);
  });

  test.each([...read].sort())('%s is made on machines before it is read here', (name) => {
    expect([...made]).toContain(name);
  });
});
