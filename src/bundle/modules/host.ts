import { constants } from 'node:fs';
import { access, readdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { K8slabError } from '../../errors/error.js';
import { exists } from '../../write/exists.js';

/** Program to the Debian package that has it. */
const programs: Record<string, string> = {
  'dpkg-deb': 'dpkg',
  gpg: 'gpg',
  'gpg-agent': 'gpg-agent',
  gpgconf: 'gpgconf',
  mmdebstrap: 'mmdebstrap',
  tar: 'tar',
  xz: 'xz-utils',
};

/** Programs besides Go that a build needs and that are not on the PATH. */
export async function missingBuildPrograms(pathVariable: string = process.env.PATH ?? ''): Promise<string[]> {
  const folders = pathVariable.split(path.delimiter).filter((folder) => folder !== '');
  const missing: string[] = [];
  for (const program of Object.keys(programs)) {
    const found = await Promise.all(folders.map((folder) => canRun(path.join(folder, program))));
    if (!found.includes(true)) missing.push(program);
  }
  return missing;
}

/** Throws BUNDLE_PROGRAM_MISSING that names every missing program and the command that installs them. */
export async function requirePrograms(pathVariable?: string): Promise<void> {
  const missing = await missingBuildPrograms(pathVariable);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => programs[program] ?? program))];
  const verb = missing.length === 1 ? 'is' : 'are';
  throw new K8slabError('BUNDLE_PROGRAM_MISSING', `${missing.join(', ')} ${verb} not on the PATH.`, {
    fix: [`sudo apt-get install --no-install-recommends ${packages.join(' ')}`],
  });
}

async function canRun(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

const gigabyte = 1e9;

/** Throws BUNDLE_DISK_SPACE unless each file system has room for what is to go there, in bytes. */
export async function requireSpace(
  needs: readonly { folder: string; bytes: number; what: string }[],
): Promise<void> {
  const bySystem = new Map<number, { folder: string; bytes: number; free: number; what: string[] }>();
  for (const need of needs) {
    const folder = await nearest(need.folder);
    const { dev } = await stat(folder);
    const { bavail, bsize } = await statfs(folder);
    const known = bySystem.get(dev) ?? { folder, bytes: 0, free: bavail * bsize, what: [] };
    bySystem.set(dev, { ...known, bytes: known.bytes + need.bytes, what: [...known.what, need.what] });
  }
  for (const { folder, bytes, free, what } of bySystem.values()) {
    if (free >= bytes) continue;
    const gb = (value: number): string => (value / gigabyte).toFixed(1);
    throw new K8slabError(
      'BUNDLE_DISK_SPACE',
      `${what.join(', ')} need about ${gb(bytes)} GB below ${folder}, and ${gb(free)} GB are free.`,
    );
  }
}

async function nearest(folder: string): Promise<string> {
  const absolute = path.resolve(folder);
  return (await exists(absolute)) ? absolute : nearest(path.dirname(absolute));
}

/** Throws BUNDLE_OUT when the target is there and is neither empty nor a bundle. */
export async function requireTarget(out: string): Promise<void> {
  const info = await stat(out).catch(() => undefined);
  if (info === undefined) return;
  if (!info.isDirectory()) throw new K8slabError('BUNDLE_OUT', `${out} is not a folder.`);
  const names = await readdir(out);
  if (names.length > 0 && !names.includes('bundle.json')) {
    throw new K8slabError('BUNDLE_OUT', `${out} is there already and is not a bundle.`);
  }
}
