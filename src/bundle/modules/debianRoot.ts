import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { K8slabError } from '../../errors/error.js';
import { run } from '../../vagrant/runner.js';
import { removeTree, type CacheEntry } from './cache.js';
import { sourceDate, step, type BuildContext } from './context.js';
import { scaled } from './goBuild.js';
import type { ComponentRecipe, RootRecipe } from './recipe.js';
import { readTar } from './tarReader.js';

/** Made anew by every machine that runs an image, or of no use in one. */
const neverInLayers = [
  /^dev\/./,
  /^proc\/./,
  /^sys\/./,
  /^run\/./,
  /^tmp\/./,
  /^var\/cache\/./,
  /^var\/log\/./,
  /^var\/lib\/apt\/lists\/./,
];

const smaller = ['man', 'locale', 'doc', 'info', 'lintian'].map(
  (name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`,
);
const copyrights = '--dpkgopt=path-include=/usr/share/doc/*/copyright';

/**
 * A Debian root as a sorted tar, `root.tar` in the entry's folder, out of the cache if its list of packages has not changed.
 * mmdebstrap takes this host's own package sources where it is a Debian of that release. Throws BUNDLE_ROOT.
 */
export async function debianRoot(context: BuildContext, name: string): Promise<CacheEntry> {
  const recipe = rootOf(context, name);
  const packages = allPackages(context, recipe);
  const key = { form: 1, suite: recipe.suite, packages, arch: context.arch };
  const seconds = (await context.cache.has('roots', name, key)) ? 0 : recipe.seconds;
  return step(context, { id: `root:${name}`, title: `Make a ${recipe.title}`, seconds }, () =>
    context.cache.entry('roots', name, key, async (folder) => {
      await mmdebstrap(context, folder, [
        '--variant=minbase',
        `--include=${packages.join(',')}`,
        ...smaller,
        copyrights,
        recipe.suite,
        path.join(folder, 'root.tar'),
      ]);
    }),
  );
}

/** A root and what it is a layer on. */
export function rootOf(context: BuildContext, name: string): RootRecipe {
  const recipe = context.recipes.roots[name];
  if (recipe === undefined)
    throw new K8slabError('RENDER_ASSET', `box-templates/bundle/roots.yaml has no root ${name}.`);
  return recipe;
}

function allPackages(context: BuildContext, recipe: RootRecipe): string[] {
  const below = recipe.extends === undefined ? [] : allPackages(context, rootOf(context, recipe.extends));
  return [...new Set([...below, ...recipe.packages])].sort();
}

async function mmdebstrap(context: BuildContext, folder: string, args: readonly string[]): Promise<void> {
  const result = await run('mmdebstrap', [`--architectures=${context.arch}`, '--format=tar', ...args], {
    title: 'mmdebstrap',
    env: { TMPDIR: folder, SOURCE_DATE_EPOCH: String(sourceDate), LC_ALL: 'C.UTF-8' },
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  if (result.exitCode !== 0) {
    throw new K8slabError('BUNDLE_ROOT', 'mmdebstrap could not make a Debian root.', {
      raw: lastLines(result.stderr),
    });
  }
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-20).join('\n');
}

/**
 * The bytes of a root as an image's layer: without what no image needs, and without what the root below has already.
 */
export async function* rootLayer(
  rootTar: string,
  remove: readonly string[],
  belowTar?: string,
): AsyncGenerator<Buffer> {
  const below = belowTar === undefined ? new Map<string, string>() : await sums(belowTar);
  const unwanted = (file: string): boolean =>
    neverInLayers.some((pattern) => pattern.test(file)) ||
    remove.some((gone) => file === gone || file.startsWith(`${gone}/`));
  for await (const entry of readTar(rootTar)) {
    if (unwanted(entry.path) || below.get(entry.path) === sumOf(entry.bytes)) continue;
    for (const bytes of entry.bytes) yield bytes;
  }
  yield Buffer.alloc(1024);
}

async function sums(tar: string): Promise<Map<string, string>> {
  const result = new Map<string, string>();
  for await (const entry of readTar(tar)) result.set(entry.path, sumOf(entry.bytes));
  return result;
}

function sumOf(parts: readonly Buffer[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/**
 * Files of a Debian package, unpacked and not installed: below `files/` in the entry's folder, with its upstream version in `version`.
 * Throws BUNDLE_ROOT.
 */
export async function debianPackageFiles(
  context: BuildContext,
  name: string,
  recipe: NonNullable<ComponentRecipe['debian']>,
): Promise<CacheEntry> {
  const { seconds: usual, ...what } = recipe;
  const key = { form: 1, what, arch: context.arch };
  const seconds = (await context.cache.has('debian', name, key)) ? 0 : scaled(usual);
  return step(
    context,
    { id: `debian:${name}`, title: `Get Debian’s package ${recipe.package}`, seconds },
    () =>
      context.cache.entry('debian', name, key, async (folder) => {
        const tar = path.join(folder, 'package.tar');
        await mmdebstrap(context, folder, [
          '--variant=extract',
          `--include=${recipe.package}`,
          recipe.suite,
          tar,
        ]);
        let version: string | undefined;
        for await (const entry of readTar(tar)) {
          if (entry.path === `usr/share/doc/${recipe.package}/changelog.Debian.gz`)
            version = changelogVersion(entry.content);
          if (recipe.keep.includes(entry.path)) {
            const target = path.join(folder, 'files', ...entry.path.split('/'));
            await mkdir(path.dirname(target), { recursive: true });
            await writeFile(target, entry.content, { mode: 0o755 });
          }
        }
        if (version === undefined)
          throw new K8slabError('BUNDLE_ROOT', `The version of Debian’s ${recipe.package} cannot be told.`);
        await writeFile(path.join(folder, 'version'), version);
        await removeTree(tar);
      }),
  );
}

/** `runc (1.1.5+ds1-1+deb12u1) bookworm; …` gives 1.1.5. */
function changelogVersion(packed: Buffer): string | undefined {
  return /^\S+ \((?:\d+:)?(\d+(?:\.\d+)+)/.exec(gunzipSync(packed).toString('utf8'))?.[1];
}

export async function readVersion(folder: string): Promise<string> {
  return (await readFile(path.join(folder, 'version'), 'utf8')).trim();
}
