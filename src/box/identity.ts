import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstalledBox } from '../vagrant/machineReadable.js';

/** sha256 over names, modes and contents of a recipe folder: another recipe is another box. */
export async function recipeHash(folder: string): Promise<string> {
  const hash = createHash('sha256').update('k8slab box recipe 1\0');
  await addFolder(hash, folder, '');
  return hash.digest('hex');
}

async function addFolder(hash: ReturnType<typeof createHash>, folder: string, prefix: string): Promise<void> {
  for (const name of (await readdir(folder)).sort()) {
    const file = join(folder, name);
    const stat = await lstat(file);
    if (stat.isDirectory()) {
      await addFolder(hash, file, `${prefix}${name}/`);
      continue;
    }
    const content = stat.isSymbolicLink() ? Buffer.from(await readlink(file)) : await readFile(file);
    const kind = stat.isSymbolicLink() ? 'link' : (stat.mode & 0o111) === 0 ? 'file' : 'program';
    hash.update(`${prefix}${name}\0${kind}\0${content.length}\0`).update(content);
  }
}

/**
 * The version a built box gets: day and time of adding, then the recipe's hash as a number. Vagrant takes the
 * highest version of a name, so the one added last is used, and a lab's Vagrantfile need not name any.
 */
export function boxVersion(hash: string, now: Date): string {
  const [day = '', time = ''] = now.toISOString().split('T');
  return `${day.replaceAll('-', '')}.${Number(time.slice(0, 8).replaceAll(':', ''))}.${recipeNumber(hash)}`;
}

function recipeNumber(hash: string): string {
  return BigInt(`0x${hash.slice(0, 16)}`).toString();
}

/** Whether the box that Vagrant would use (the highest version of that name) was built from this recipe. */
export function isCurrent(
  boxes: readonly InstalledBox[],
  name: string,
  provider: string,
  hash: string,
): boolean {
  const versions = boxes
    .filter((box) => box.name === name && box.provider === provider)
    .map(({ version }) => version.split('.'))
    .sort(compareVersions);
  return versions.at(-1)?.[2] === recipeNumber(hash);
}

function compareVersions(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [left, right] = [numeric(a[index]), numeric(b[index])];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

function numeric(part = '0'): bigint {
  return /^\d+$/.test(part) ? BigInt(part) : 0n;
}
