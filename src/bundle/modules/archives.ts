import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { K8slabError } from '../../errors/error.js';
import { run } from '../../vagrant/runner.js';
import { exists } from '../../write/exists.js';
import { digestOnce } from '../digest.js';
import { step, type BuildContext } from './context.js';
import { imagesIn } from './imageNames.js';
import type { ComponentRecipe } from './recipe.js';

export interface AddedArchive {
  /** The component whose recipe recognised it. */
  component: string;
  file: string;
  /** Where it lies unpacked. */
  folder: string;
  version: string;
  sha256: string;
}

/** Unpacks archives and says what each one is. Throws BUNDLE_ARCHIVE. */
export async function addArchives(
  context: BuildContext,
  files: readonly string[],
): Promise<Map<string, AddedArchive>> {
  const result = new Map<string, AddedArchive>();
  for (const file of files) {
    const archive = await addArchive(context, path.resolve(file));
    const other = result.get(archive.component);
    if (other !== undefined) {
      throw new K8slabError(
        'BUNDLE_ARCHIVE',
        `${file} and ${other.file} are both ${archive.component}: add one of them.`,
      );
    }
    result.set(archive.component, archive);
  }
  return result;
}

async function addArchive(context: BuildContext, file: string): Promise<AddedArchive> {
  const { sha256 } = await digestOnce(file).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new K8slabError('BUNDLE_ARCHIVE', `${file} cannot be read: ${reason}.`, { cause });
  });
  const name = path.basename(file);
  const { folder } = await step(
    context,
    { id: `archive:${sha256}`, title: `Unpack ${name}`, seconds: 5 },
    () =>
      context.cache.entry('archives', name, { form: 1, sha256 }, (target) => unpack(context, file, target)),
  );
  for (const [component, recipe] of Object.entries(context.recipes.components)) {
    if (recipe.archive === undefined || !(await holds(folder, recipe.archive.has))) continue;
    await checkProcessor(context, file, folder, recipe.archive.has);
    return { component, file, folder, version: await versionOf(file, folder, recipe), sha256 };
  }
  const known = Object.values(context.recipes.components).flatMap(({ title, archive }) =>
    archive === undefined ? [] : [`${title}: ${archive.has.join(', ')}`],
  );
  throw new K8slabError('BUNDLE_ARCHIVE', `${file} holds nothing that is known here.`, {
    raw: `An archive is recognised by\n${known.join('\n')}`,
  });
}

async function unpack(context: BuildContext, file: string, target: string): Promise<void> {
  const result = await run('tar', ['-xf', file, '-C', target, '--no-same-owner', '--no-same-permissions'], {
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  if (result.exitCode !== 0)
    throw new K8slabError('BUNDLE_ARCHIVE', `${file} cannot be unpacked.`, { raw: result.stderr });
}

async function holds(folder: string, files: readonly string[]): Promise<boolean> {
  const found = await Promise.all(files.map((file) => exists(path.join(folder, file))));
  return found.every(Boolean);
}

/** Number of a processor in the header of an ELF program, at byte 18. */
const machines: Record<string, number> = { amd64: 62, arm64: 183 };

async function checkProcessor(
  context: BuildContext,
  file: string,
  folder: string,
  programs: readonly string[],
): Promise<void> {
  for (const program of programs) {
    const handle = await open(path.join(folder, program));
    const head = Buffer.alloc(20);
    try {
      await handle.read(head, 0, 20, 0);
    } finally {
      await handle.close();
    }
    if (head.subarray(0, 4).toString('latin1') !== '\x7fELF') continue;
    if (head.readUInt16LE(18) !== machines[context.arch]) {
      throw new K8slabError(
        'BUNDLE_ARCHIVE',
        `${file} holds programs for another processor than ${context.arch}.`,
      );
    }
  }
}

async function versionOf(file: string, folder: string, recipe: ComponentRecipe): Promise<string> {
  const byName = recipe.archive?.versionOfName;
  const fromName = byName === undefined ? undefined : new RegExp(byName).exec(path.basename(file))?.[1];
  const version = fromName ?? (await versionInManifests(folder, recipe));
  if (version === undefined) {
    throw new K8slabError('BUNDLE_ARCHIVE', `The version of ${recipe.title} in ${file} cannot be told.`, {
      fix: [
        `Name the file as ${recipe.title} publishes it, with its version: ${byName ?? 'NAME-v1.2.3.tar.xz'}`,
      ],
    });
  }
  return version;
}

async function versionInManifests(folder: string, recipe: ComponentRecipe): Promise<string | undefined> {
  const image = recipe.archive?.versionOfImage;
  if (image === undefined) return undefined;
  for (const manifest of recipe.manifests) {
    const text = await readFile(path.join(folder, manifest.replace(/^archive\//, '')), 'utf8');
    const name = imagesIn(text).find((found) => found.startsWith(`${image}:`));
    if (name !== undefined) return name.slice(image.length + 1).replace(/^v/, '');
  }
  return undefined;
}
