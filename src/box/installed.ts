import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { BakedBox } from '../plan/host.js';
import { recipeHash } from './identity.js';

/** What a baked box says about itself, in the file `k8slab.json` inside it. */
export const aboutBakedBox = z.strictObject({
  schema: z.literal(1),
  name: z.string(),
  version: z.string(),
  provider: z.string(),
  from: z.string(),
  /** Hash of the recipe that the box it was made from was built by. */
  recipe: z.string(),
  created: z.iso.datetime(),
  key: z.string(),
  images: z.array(z.string()),
  /** What a person wants to know: component to version. */
  contents: z.record(z.string(), z.string()),
});
export type AboutBakedBox = z.infer<typeof aboutBakedBox>;

/** The file of a box that holds it. */
export const aboutFile = 'k8slab.json';

/** A box of ours as it lies in Vagrant's folder. */
export interface InstalledOwnBox {
  name: string;
  version: string;
  provider: string;
  /** Absolute path. */
  folder: string;
  /** Bytes. */
  size: number;
  /** Name of its unpacked root on this host, where the provider shares one. */
  root?: string;
  created: string;
  /** Absent for a box that was built, not baked. */
  baked?: AboutBakedBox;
}

type Environment = Record<string, string | undefined>;

/** Vagrant's own folder. */
export function vagrantHome(env: Environment = process.env): string {
  return env.VAGRANT_HOME ?? join(env.HOME ?? homedir(), '.vagrant.d');
}

/**
 * The boxes that k8slab built or baked and Vagrant has, read from Vagrant's folder: asking Vagrant takes seconds.
 * https://developer.hashicorp.com/vagrant/docs/boxes/format
 */
export async function ownBoxes(env?: Environment): Promise<InstalledOwnBox[]> {
  const boxes = join(vagrantHome(env), 'boxes');
  const names = (await namesIn(boxes)).filter((name) => name.startsWith('k8slab-VAGRANTSLASH-'));
  const found = await Promise.all(
    names.map(async (name) =>
      (
        await Promise.all(
          (await namesIn(join(boxes, name))).map((version) => formsOf(join(boxes, name, version))),
        )
      )
        .flat()
        .map((folder) => describe(name.replace('-VAGRANTSLASH-', '/'), folder)),
    ),
  );
  return (await Promise.all(found.flat())).sort((one, other) => (one.created < other.created ? 1 : -1));
}

/** A version's folders by provider; Vagrant 2.4 has one more level, the processor's. */
async function formsOf(version: string): Promise<string[]> {
  const first = (await namesIn(version)).map((name) => join(version, name));
  const second = await Promise.all(
    first.map(async (folder) =>
      (await isFile(join(folder, 'metadata.json')))
        ? [folder]
        : (await namesIn(folder)).map((name) => join(folder, name)),
    ),
  );
  const all = second.flat();
  const are = await Promise.all(all.map((folder) => isFile(join(folder, 'metadata.json'))));
  return all.filter((_, index) => are[index]);
}

async function describe(name: string, folder: string): Promise<InstalledOwnBox> {
  const parts = folder.split(/[\\/]/);
  const provider = parts.at(-1) ?? '';
  const version = parts.findLast((part) => /^\d+\.\d+\.\d+$/.test(part)) ?? '0';
  const baked = await about(folder);
  const root = (await textOf(join(folder, 'rootfs.sha256')))?.split(/\s/)[0];
  const files = await namesIn(folder);
  const stats = await Promise.all(files.map((file) => stat(join(folder, file)).catch(() => undefined)));
  const size = stats.reduce((sum, entry) => sum + (entry?.size ?? 0), 0);
  const added = stats.find((_, index) => files[index] === 'metadata.json')?.mtime ?? new Date(0);
  return {
    name,
    version,
    provider,
    folder,
    size,
    ...(root && { root }),
    created: baked?.created ?? added.toISOString(),
    ...(baked && { baked }),
  };
}

async function about(folder: string): Promise<AboutBakedBox | undefined> {
  try {
    return aboutBakedBox.parse(JSON.parse(await readFile(join(folder, aboutFile), 'utf8')));
  } catch {
    // Not there, or of another k8slab: not a baked box that we know how to use.
    return undefined;
  }
}

/** Baked boxes made from the recipes as they are now, for planning. `boxTemplates`: the package's folder. */
export async function bakedBoxes(boxTemplates: string, env?: Environment): Promise<BakedBox[]> {
  const hashes = new Map<string, Promise<string | undefined>>();
  const current = async ({ provider, recipe }: AboutBakedBox): Promise<boolean> => {
    const folder = join(boxTemplates, provider, 'box');
    const hash = hashes.get(folder) ?? recipeHash(folder).catch(() => undefined);
    hashes.set(folder, hash);
    return (await hash) === recipe;
  };
  const all = (await ownBoxes(env)).flatMap(({ baked, version }) => (baked ? [{ ...baked, version }] : []));
  const are = await Promise.all(all.map(current));
  return all
    .filter((_, index) => are[index])
    .map(({ name, version, provider, from, created, key, images }) => ({
      ...{ name, version, provider, from, created, key, images },
    }));
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.')).sort();
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
