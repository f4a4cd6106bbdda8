import { lstat, mkdir, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import fse from 'fs-extra';
import { K8slabError } from '../errors/error.js';
import { fileError, systemCode } from './ioErrors.js';

const stagingPrefix = 'staged.';
let count = 0;

/**
 * Writes a whole file and forces it to the disk; `mode` holds whatever the umask is. The file must not exist.
 * Throws the system's own error.
 */
export async function writeWhole(file: string, content: string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(content, 'utf8');
    if (process.platform !== 'win32') await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Renames over what is there. On Windows a virus scanner may hold a new file for a moment: fs-extra tries again.
 * Throws the system's own error.
 */
export async function replaceFile(from: string, to: string): Promise<void> {
  await fse.rename(from, to);
}

/**
 * Puts a file in place in one step: a reader, or a kill at any moment, finds the old content or the new, never a part.
 * The folder must exist. Throws RENDER_… errors.
 */
export async function writeAtomic(file: string, content: string, mode: number): Promise<void> {
  count += 1;
  const temporary = `${file}.${process.pid}-${count}.tmp`;
  try {
    await writeWhole(temporary, content, mode);
    await replaceFile(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileError(error, `write ${file}`);
  }
}

const temporaryName = /\.(\d+)-\d+\.tmp$/;

/** Whether a file is one that k8slab is about to put in place of another, or was when it was killed. */
export const isTemporary = (name: string): boolean => temporaryName.test(name);

/**
 * Removes what killed runs left in a state folder: staging folders, and temporary files of processes that are gone.
 * The caller holds the lab's lock, so no staging folder is in use.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const owner = temporaryName.exec(name)?.[1];
    if (owner === undefined) continue;
    if (name.startsWith(stagingPrefix) || !isAlive(Number(owner))) {
      await rm(path.join(folder, name), { recursive: true, force: true });
    }
  }
}

/** A folder of this process for files that are not yet in place; `removeLeftovers` knows it. */
export async function makeStaging(folder: string): Promise<string> {
  count += 1;
  const staging = path.join(folder, `${stagingPrefix}${process.pid}-${count}.tmp`);
  await mkdir(staging, { mode: 0o700 });
  return staging;
}

/** Makes a folder if it is not there. Throws RENDER_SYMLINK for a link, RENDER_IN_THE_WAY for anything else. */
export async function ensureFolder(folder: string, mode = 0o755): Promise<void> {
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw fileError(error, `make the folder ${folder}`);
    await requireFolder(folder);
  }
}

/** Throws unless `folder` is a real folder or absent; gives whether it is there. */
export async function requireFolder(folder: string): Promise<boolean> {
  const stat = await lstatOrNothing(folder);
  if (stat === undefined) return false;
  if (stat.isSymbolicLink()) throw new K8slabError('RENDER_SYMLINK', `${folder} is a symbolic link.`);
  if (!stat.isDirectory()) throw new K8slabError('RENDER_IN_THE_WAY', `${folder} is not a folder.`);
  return true;
}

/** `lstat`, or nothing when there is no such file. */
export async function lstatOrNothing(file: string): Promise<Awaited<ReturnType<typeof lstat>> | undefined> {
  try {
    return await lstat(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw fileError(error, `look at ${file}`);
  }
}

/** Whether a process of this number runs on this machine. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
