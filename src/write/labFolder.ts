import { mkdir, open, readFile, readdir, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { K8slabError } from '../errors/error.js';
import { markerText } from '../render/marker.js';
import { ensureFolder, isTemporary, lstatOrNothing, requireFolder, writeAtomic } from './atomic.js';
import { fileError, orFileError, systemCode } from './ioErrors.js';

/** Where k8slab keeps what it knows about a lab; absolute paths. */
export interface LabPaths {
  dir: string;
  labFile: string;
  /** `.k8slab` */
  state: string;
  written: string;
  secrets: string;
  kubeconfig: string;
  sshConfig: string;
  logs: string;
  lock: string;
  lockHolder: string;
}

/** The paths of a lab folder; touches nothing. */
export function labPaths(dir: string): LabPaths {
  const root = path.resolve(dir);
  const state = path.join(root, '.k8slab');
  const inState = (name: string): string => path.join(state, name);
  return {
    dir: root,
    labFile: path.join(root, 'lab.yaml'),
    state,
    written: inState('written.json'),
    secrets: inState('secrets'),
    kubeconfig: inState('kubeconfig'),
    sshConfig: inState('ssh-config'),
    logs: inState('logs'),
    lock: inState('lock'),
    lockHolder: inState('lock.json'),
  };
}

/** What may lie in a folder that is to become a lab. */
const harmless = new Set(['lab.yaml', '.k8slab', '.git', '.DS_Store', 'Thumbs.db', 'desktop.ini']);

/**
 * Makes a folder ready for a lab: creates it and its `.k8slab/`. Gives its paths.
 * Throws RENDER_FOLDER_NOT_OURS when it holds files that are not a lab's, RENDER_SYMLINK for a linked `.k8slab`,
 * RENDER_READ_ONLY and the like.
 */
export async function prepareLabFolder(dir: string): Promise<LabPaths> {
  const paths = labPaths(dir);
  await orFileError(`make the folder ${paths.dir}`, () => mkdir(paths.dir, { recursive: true }));
  const here = labPaths(await realpath(paths.dir));
  await requireOurs(here);
  await ensureFolder(here.state);
  return here;
}

/**
 * Whether `dir` is a lab: prepared here before, even if the first rendering never finished, or rendered elsewhere
 * and copied without `.k8slab/`.
 */
export async function isLabFolder(dir: string): Promise<boolean> {
  const paths = labPaths(dir);
  const isPrepared = await requireFolder(paths.state);
  if (isPrepared && (await isThere(paths.written, paths.labFile))) return true;
  return carriesMarker(path.join(paths.dir, 'Vagrantfile'));
}

async function isThere(...files: string[]): Promise<boolean> {
  const found = await Promise.all(files.map(lstatOrNothing));
  return found.some((stat) => stat !== undefined);
}

/**
 * Puts the description of a lab into its prepared folder. One that is already there is its author's: the same text
 * is left alone, another one throws RENDER_LAB_EXISTS.
 */
export async function writeLabFile(dir: string, text: string): Promise<void> {
  const { labFile } = labPaths(dir);
  const stat = await lstatOrNothing(labFile);
  if (stat === undefined) return writeAtomic(labFile, text, 0o644);
  if (stat.isSymbolicLink()) throw new K8slabError('RENDER_SYMLINK', `${labFile} is a symbolic link.`);
  const there = await orFileError(`read ${labFile}`, () => readFile(labFile, 'utf8'));
  if (there.replaceAll('\r\n', '\n') !== text.replaceAll('\r\n', '\n')) {
    throw new K8slabError('RENDER_LAB_EXISTS', `${labFile} describes another lab than the one asked for.`);
  }
}

async function requireOurs(paths: LabPaths): Promise<void> {
  const entries = await orFileError(`read the folder ${paths.dir}`, () => readdir(paths.dir));
  const foreign = entries.filter((name) => !harmless.has(name) && !isTemporary(name)).sort();
  if ((await isLabFolder(paths.dir)) || foreign.length === 0) return;
  const examples = foreign.slice(0, 3).join(', ') + (foreign.length > 3 ? ', …' : '');
  throw new K8slabError(
    'RENDER_FOLDER_NOT_OURS',
    `${paths.dir} is not empty and is not a lab: it holds ${examples}.`,
  );
}

async function carriesMarker(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
      return buffer.toString('utf8', 0, bytesRead).includes(markerText);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'EISDIR') return false;
    throw fileError(error, `read ${file}`);
  }
}

/** Removes a lab folder of k8slab's own, with everything in it. Nothing may be made of it any more. */
export async function removeLabFolder(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true });
}
