import { chmod, copyFile, mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { K8slabError } from '../../errors/error.js';
import { run } from '../../vagrant/runner.js';
import { digestOnce } from '../digest.js';
import { removeTree, type CacheEntry } from './cache.js';
import { locate, sourceDate, valuesOf, type BuildContext, type Sources } from './context.js';
import { fill } from './loadRecipes.js';
import type { DebPackage, FileRecipe } from './recipe.js';

export interface BuiltPackage {
  name: string;
  version: string;
  /** Host and path of its repository, where that is not Kubernetes' own. */
  repository?: string;
  /** The control file's text. */
  control: string;
  /** The package itself, in the cache. */
  file: string;
}

interface PlacedFile extends FileRecipe {
  source: string;
}

/**
 * Makes a package from its recipe, or finds it in the cache. `empty`: with nothing of what it should hold.
 * Throws BUNDLE_PACKAGE.
 */
export async function makePackage(
  context: BuildContext,
  recipe: DebPackage,
  sources: Sources,
  empty: boolean,
): Promise<{ built: BuiltPackage; entry: CacheEntry }> {
  const values = valuesOf(sources.version, context.arch);
  const version = fill(recipe.version, values);
  const files = empty ? [] : placedFiles(recipe, sources);
  const sums = await Promise.all(
    files.map(async (file) => ({ ...file, source: (await digestOnce(file.source)).sha256 })),
  );
  const script = recipe.afterInstall === undefined ? undefined : locate(sources, recipe.afterInstall);
  const size = await installedSize(files);
  const control = controlText(recipe, version, context.arch, size);
  const name = `${recipe.name}_${version}_${context.arch}.deb`;
  const key = {
    form: 1,
    control,
    sums,
    folders: recipe.folders,
    script: script && (await digestOnce(script)).sha256,
  };
  const entry = await context.cache.entry('packages', name, key, async (folder) => {
    const tree = path.join(folder, 'tree');
    await fillTree(tree, recipe, files, control, script);
    await dpkgDeb(context, tree, path.join(folder, name));
    await removeTree(tree);
  });
  const built = {
    name: recipe.name,
    version,
    control,
    file: path.join(entry.folder, name),
    ...(recipe.repository !== undefined && { repository: fill(recipe.repository, values) }),
  };
  return { built, entry };
}

function placedFiles(recipe: DebPackage, sources: Sources): PlacedFile[] {
  const programs = recipe.allPrograms === undefined ? [] : [...sources.programs.keys()];
  return [
    ...recipe.files,
    ...programs.map((name) => ({ from: `programs/${name}`, to: `${recipe.allPrograms ?? ''}/${name}` })),
  ].map((file) => ({ ...file, source: locate(sources, file.from) }));
}

async function installedSize(files: readonly PlacedFile[]): Promise<number> {
  const sizes = await Promise.all(files.map(async ({ source }) => (await stat(source)).size));
  return Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 1024);
}

function controlText(recipe: DebPackage, version: string, arch: string, size: number): string {
  const fields: [string, string][] = [
    ['Package', recipe.name],
    ['Version', version],
    ['Architecture', arch],
    ['Maintainer', 'k8slab bundle <k8slab@localhost>'],
    ['Installed-Size', String(size)],
    ...(recipe.depends.length === 0 ? [] : ([['Depends', recipe.depends.join(', ')]] as [string, string][])),
    ['Section', 'admin'],
    ['Priority', 'optional'],
    ['Homepage', 'https://kubernetes.io'],
    ['Description', `${recipe.summary}\n Built from Go modules for a bundle of k8slab.`],
  ];
  return fields.map(([name, value]) => `${name}: ${value}\n`).join('');
}

async function fillTree(
  tree: string,
  recipe: DebPackage,
  files: readonly PlacedFile[],
  control: string,
  script: string | undefined,
): Promise<void> {
  await mkdir(path.join(tree, 'DEBIAN'), { recursive: true });
  for (const file of files) {
    const target = path.join(tree, ...file.to.split('/'));
    await mkdir(path.dirname(target), { recursive: true });
    await copyFile(file.source, target);
    await chmod(target, file.from.startsWith('programs/') || file.executable === true ? 0o755 : 0o644);
  }
  for (const folder of recipe.folders)
    await mkdir(path.join(tree, ...folder.split('/')), { recursive: true });
  await writeFile(path.join(tree, 'DEBIAN', 'control'), control);
  const editable = files.filter((file) => file.configuration === true).map((file) => `/${file.to}\n`);
  if (editable.length > 0) await writeFile(path.join(tree, 'DEBIAN', 'conffiles'), editable.join(''));
  if (script !== undefined) {
    await copyFile(script, path.join(tree, 'DEBIAN', 'postinst'));
    await chmod(path.join(tree, 'DEBIAN', 'postinst'), 0o755);
  }
  await plainModes(tree);
}

/** Folders of a package are 0755 whatever our umask is. */
async function plainModes(tree: string): Promise<void> {
  for (const entry of await readdir(tree, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) await chmod(path.join(entry.parentPath, entry.name), 0o755);
  }
  await chmod(tree, 0o755);
}

async function dpkgDeb(context: BuildContext, tree: string, file: string): Promise<void> {
  const temporary = `${file}.tmp`;
  const result = await run('dpkg-deb', ['--root-owner-group', '-Zzstd', '-z9', '--build', tree, temporary], {
    env: { SOURCE_DATE_EPOCH: String(sourceDate) },
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  if (result.exitCode !== 0) {
    throw new K8slabError('BUNDLE_PACKAGE', `dpkg-deb could not make ${path.basename(file)}.`, {
      raw: result.stderr,
    });
  }
  await rename(temporary, file);
}
