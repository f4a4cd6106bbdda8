import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Assets } from '../assets/manifests.js';
import { K8slabError } from '../errors/error.js';
import { resolveLabName } from '../lab/shorthand.js';

export interface LabText {
  kind: 'preset' | 'shorthand' | 'path';
  /** As messages name it. */
  file: string;
  text: string;
}

/** One mebibyte holds any lab; what is larger is not one, and is not read. */
const largestLab = 1024 * 1024;

/**
 * Takes what a person wrote for `<lab>`; gives the description it stands for.
 * A folder stands for the `lab.yaml` in it. Throws LAB_NOT_FOUND, LAB_TOO_LARGE, LAB_UNREADABLE.
 */
export async function readLab(argument: string, assets: Assets): Promise<LabText> {
  const path = await pathOf(argument, assets);
  if (typeof path !== 'string') return { kind: path.kind, file: path.file, text: path.text };
  const file = (await isFolder(path)) ? join(path, 'lab.yaml') : path;
  return { kind: 'path', file, text: await readText(file) };
}

/** A preset or shorthand, or the path meant; a lab folder may also be named without `./`. */
async function pathOf(argument: string, assets: Assets): Promise<string | LabText> {
  try {
    const found = resolveLabName(argument, assets);
    return found.kind === 'path' ? found.path : found;
  } catch (error) {
    if (await isFile(join(argument, 'lab.yaml'))) return argument;
    throw error;
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > largestLab) {
      throw new K8slabError(
        'LAB_TOO_LARGE',
        `${file} is ${String(size)} bytes; a lab file has at most 1 MiB.`,
      );
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof K8slabError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new K8slabError('LAB_NOT_FOUND', `There is no lab at ${file}.`, { cause: error });
    }
    throw new K8slabError('LAB_UNREADABLE', `${file} cannot be read: ${code ?? String(error)}.`, {
      cause: error,
    });
  }
}
