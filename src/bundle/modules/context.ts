import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { BuildCache } from './cache.js';
import type { BundleEvent } from './events.js';
import type { Recipes } from './recipe.js';

/** What every part of the work needs to know. */
export interface BuildContext {
  recipes: Recipes;
  cache: BuildCache;
  /** amd64 or arm64 */
  arch: string;
  /** Such as go1.26.8. */
  goVersion: string;
  report: (event: BundleEvent) => void;
  signal: AbortSignal | undefined;
}

/** Files of images and packages carry this time, so that the same input gives the same bytes: 1 January 2025. */
export const sourceDate = 1735689600;

/** Where the files of a component's recipe are found on this host. */
export interface Sources {
  version: string;
  programs: Map<string, string>;
  /** Folders by the first word of a reference. */
  folders: Partial<Record<'source' | 'archive' | 'debian' | 'asset', string>>;
}

/** What texts of a component's recipe are filled with. */
export function valuesOf(version: string, arch: string): Record<string, string> {
  const [major = '', minor = ''] = version.split('.');
  return { version, major, minorNumber: minor, minor: `${major}.${minor}`, arch };
}

/** The file that a reference names. */
export function locate(sources: Sources, reference: string): string {
  const slash = reference.indexOf('/');
  const kind = reference.slice(0, slash);
  const rest = reference.slice(slash + 1);
  const found =
    kind === 'programs'
      ? sources.programs.get(rest)
      : kind === 'source' || kind === 'archive' || kind === 'debian' || kind === 'asset'
        ? sources.folders[kind]
        : undefined;
  if (found === undefined) throw new Error(`nothing provides ${reference}`);
  return kind === 'programs' ? found : path.join(found, ...rest.split('/'));
}

/** Reports the begin and end of a step around its work. */
export async function step<T extends { cached: boolean }>(
  context: BuildContext,
  { id, title, seconds }: { id: string; title: string; seconds: number },
  work: () => Promise<T>,
): Promise<T> {
  const started = performance.now();
  context.report({ kind: 'start', id, title, seconds });
  const result = await work();
  context.report({
    kind: 'done',
    id,
    title,
    seconds: (performance.now() - started) / 1000,
    cached: result.cached,
  });
  return result;
}
