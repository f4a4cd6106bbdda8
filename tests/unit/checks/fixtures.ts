import { readFileSync, readdirSync } from 'node:fs';
import { loadAssets } from '../../../src/assets/load.js';
import { parseSnapshotDocument, type SnapshotDocument } from '../../../src/collect/document.js';

const root = new URL('../../../', import.meta.url);
const assets = await loadAssets();

/** One recorded state: a sound snapshot with changes, and what its check must find. */
export interface Fixture {
  file: string;
  /** Id of the check: the folder it lies in. */
  check: string;
  says: string;
  base: string;
  /** JSON pointers into {cluster, snapshot}; without a value the place is removed. */
  changes: { path: string; value?: unknown }[];
  expect: { code: string; machine?: string }[];
  unknown?: boolean;
}

const snapshots = new URL('tests/fixtures/snapshots/', root);

/** Snapshots of sound labs: tests/fixtures/snapshots. */
export const baseNames = (): string[] => names('');

/** Snapshots of real clusters with a real fault, each named for it: tests/fixtures/snapshots/broken. */
export const brokenNames = (): string[] => names('broken/');

function names(folder: string): string[] {
  return readdirSync(new URL(folder, snapshots))
    .filter((file) => file.endsWith('.json'))
    .map((file) => `${folder}${file.replace(/\.json$/, '')}`);
}

/** The text of a snapshot as it was saved. */
export const textOf = (base: string): string => readFileSync(new URL(`${base}.json`, snapshots), 'utf8');

/** A base snapshot, with changes applied, checked like a file from a person. */
export function snapshotOf(base: string, changes: Fixture['changes'] = []): SnapshotDocument {
  const document: unknown = JSON.parse(textOf(base));
  for (const change of changes) applyChange(document, change);
  return parseSnapshotDocument(JSON.stringify(document), base, assets);
}

/** Fixtures of every folder of src/checks. */
export function allFixtures(): Fixture[] {
  const folder = new URL('src/checks/', root);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      readdirSync(new URL(`${name}/fixtures/`, folder)).map((file): Fixture => {
        const text = readFileSync(new URL(`${name}/fixtures/${file}`, folder), 'utf8');
        return { ...(JSON.parse(text) as Omit<Fixture, 'file' | 'check'>), file, check: name };
      }),
    );
}

function applyChange(document: unknown, change: Fixture['changes'][number]): void {
  const keys = change.path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop() ?? '';
  let parent: unknown = document;
  for (const key of keys) parent = (parent as Record<string, unknown> | undefined)?.[key];
  if (typeof parent !== 'object' || parent === null) throw new Error(`${change.path} leads nowhere`);
  if ('value' in change) (parent as Record<string, unknown>)[last] = change.value;
  else if (!(last in parent)) throw new Error(`${change.path} is not there to be removed`);
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else Reflect.deleteProperty(parent, last);
}
