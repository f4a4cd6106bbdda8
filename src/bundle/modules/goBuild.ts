import { chmod, copyFile, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { digestText } from '../digest.js';
import type { CacheEntry } from './cache.js';
import { removeTree } from './cache.js';
import { step, valuesOf, type BuildContext } from './context.js';
import { downloadModule, go, readModuleFile, type GoOptions } from './go.js';
import { fill } from './loadRecipes.js';
import type { GoBuild } from './recipe.js';

/** What decides about the result of a build; the name of its place in the cache. */
export async function buildKey(context: BuildContext, build: GoBuild, version: string): Promise<unknown> {
  const asset =
    build.asset === undefined ? undefined : await assetSum(path.join(context.recipes.folder, build.asset));
  const recipe = { ...build, seconds: 0 };
  return { form: 1, recipe, version, asset, go: context.goVersion, arch: context.arch };
}

/** `Kubernetes 1.36.3`, or what is built of a component that has several modules. */
export function buildTitle(title: string, build: GoBuild, version: string, only: boolean): string {
  return only ? `${title} ${version}` : `${title} ${version} (${Object.keys(build.programs).join(', ')})`;
}

/** Seconds on this host, from what a recipe says for two processors. */
export function scaled(seconds: number): number {
  return Math.max(1, Math.round((seconds * 2) / Math.max(1, os.availableParallelism())));
}

/**
 * Builds the programs of one module, or finds them in the cache: `bin/<program>` and `source/<kept files>`.
 * Throws what `go` throws.
 */
export async function buildPrograms(
  context: BuildContext,
  name: string,
  title: string,
  build: GoBuild,
  version: string,
): Promise<CacheEntry> {
  const key = await buildKey(context, build, version);
  const id = `go:${name}:${Object.keys(build.programs)[0] ?? ''}`;
  const known = await context.cache.has('programs', `${name}-${version}`, key);
  return step(context, { id, title: `Build ${title}`, seconds: known ? 0 : scaled(build.seconds) }, () =>
    context.cache.entry('programs', `${name}-${version}`, key, async (folder) => {
      const work = path.join(folder, 'work');
      await mkdir(path.join(folder, 'bin'), { recursive: true });
      await mkdir(path.join(folder, 'source'), { recursive: true });
      await mkdir(work, { recursive: true });
      const options: GoOptions = {
        cwd: work,
        arch: context.arch,
        title: `Building ${title}`,
        signal: context.signal,
        onLine: progress(context, id),
      };
      const prefix =
        build.asset === undefined
          ? await prepareModule(build, version, work, path.join(folder, 'source'), options)
          : await prepareAsset(path.join(context.recipes.folder, build.asset), name, work);
      await compile(build, valuesOf(version, context.arch), prefix, path.join(folder, 'bin'), options);
      await writeFile(path.join(folder, 'go.mod'), await readFile(path.join(work, 'go.mod')));
      await removeTree(work);
    }),
  );
}

/** Tells what the build is at, at most once a second. */
export function progress(context: BuildContext, id: string): (line: string) => void {
  let downloads = 0;
  let packages = 0;
  let last = 0;
  return (line) => {
    if (line.startsWith('go: downloading ')) downloads += 1;
    else if (/^[a-z0-9.]+(\/\S+)*$/i.test(line)) packages += 1;
    const now = Date.now();
    if (now - last < 1000) return;
    last = now;
    const text = packages === 0 ? `${downloads} modules downloaded` : `${packages} packages compiled`;
    context.report({ kind: 'progress', id, text });
  };
}

/** Compiles all programs in one go; `prefix` is the import path they are below. */
export async function compile(
  build: GoBuild,
  values: Readonly<Record<string, string>>,
  prefix: string,
  bin: string,
  options: GoOptions,
): Promise<void> {
  const packages = Object.entries(build.programs).map(([program, below]) => ({
    program,
    importPath: below === '' || below === '.' ? prefix : `${prefix}/${below}`,
  }));
  const variables = Object.entries(build.variables).map(
    ([name, value]) => `-X ${name}=${fill(value, values)}`,
  );
  await go(
    [
      'build',
      '-v',
      '-trimpath',
      '-buildvcs=false',
      ...(options.checkout === true ? [] : ['-mod=mod']),
      ...(build.tags.length === 0 ? [] : ['-tags', build.tags.join(',')]),
      '-ldflags',
      ['-s', '-w', ...variables].join(' '),
      '-o',
      `${bin}${path.sep}`,
      ...packages.map(({ importPath }) => importPath),
    ],
    options,
  );
  for (const { program, importPath } of packages) {
    const made = programNameOf(importPath);
    if (made !== program) await rename(path.join(bin, made), path.join(bin, program));
  }
}

/** How `go build` calls the program of an import path: its last element that is not a major version. */
export function programNameOf(importPath: string): string {
  const parts = importPath.split('/');
  const last = parts.at(-1) ?? '';
  return /^v[2-9]\d*$/.test(last) ? (parts.at(-2) ?? last) : last;
}

/**
 * Writes a go.mod that asks for nothing but the module; everything else follows from the module's own, so the result
 * is the same every time, and every download is checked against Go's checksum database. Gives the import path.
 */
async function prepareModule(
  build: GoBuild,
  version: string,
  work: string,
  kept: string,
  options: GoOptions,
): Promise<string> {
  const module = build.module ?? '';
  const asked = build.version ?? version;
  const found = await downloadModule(module, asked, options);
  const facts = await readModuleFile(found.GoMod, options);
  const replacements = Object.entries(build.replace).map(
    ([name, other]) => `replace ${name} => ${name} ${other}`,
  );
  if (build.staging) {
    const staging = asked.replace(/^1\./, '0.');
    replacements.push(...facts.localModules.map((name) => `replace ${name} => ${name} v${staging}`));
  }
  if (Object.keys(build.change).length > 0) {
    await changedCopy(found.Dir, path.join(work, 'module'), build.change);
    replacements.push(`replace ${module} => ./module`);
  }
  await writeFile(
    path.join(work, 'go.mod'),
    [
      `module k8slab.bundle/build`,
      '',
      `go ${facts.go}`,
      '',
      `require ${module} v${asked}`,
      '',
      ...replacements,
      '',
    ].join('\n'),
  );
  for (const file of build.keep) {
    await mkdir(path.dirname(path.join(kept, file)), { recursive: true });
    await copyFile(path.join(found.Dir, file), path.join(kept, file));
    await chmod(path.join(kept, file), 0o644);
  }
  return module;
}

/** The module cache is read-only, so a changed module is a copy. */
async function changedCopy(from: string, to: string, change: GoBuild['change']): Promise<void> {
  await cp(from, to, { recursive: true });
  for (const entry of await readdir(to, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) await chmod(path.join(entry.parentPath, entry.name), 0o755);
  }
  await chmod(to, 0o755);
  for (const [file, text] of Object.entries(change)) {
    await rm(path.join(to, file), { force: true });
    if (text !== null) await writeFile(path.join(to, file), text);
  }
}

async function prepareAsset(from: string, name: string, work: string): Promise<string> {
  await cp(from, work, { recursive: true });
  await writeFile(path.join(work, 'go.mod'), `module k8slab.bundle/${name}\n\ngo 1.21\n`);
  return `k8slab.bundle/${name}`;
}

async function assetSum(folder: string): Promise<string> {
  const names = (await readdir(folder)).sort();
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name))));
  return digestText(Buffer.concat(texts));
}
