import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
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
  return { kind: 'path', file, text: await readLabFile(file) };
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

/**
 * Reads a lab file. Named pipes and devices are refused, for reading them may never end; what a shell's `<(…)` and
 * `/dev/stdin` stand for is read. Throws LAB_NOT_FOUND, LAB_TOO_LARGE, LAB_UNREADABLE.
 */
export async function readLabFile(file: string): Promise<string> {
  try {
    const entry = await stat(file);
    if (!entry.isFile() && !(entry.isFIFO() && ofTheShell.test(file))) {
      throw new K8slabError('LAB_UNREADABLE', `${file} is ${kindOf(entry)}, not a file.`, {
        fix: ['Name a lab.yaml, or a folder that holds one.'],
      });
    }
    if (entry.size > largestLab) throw tooLarge(file, `${String(entry.size)} bytes`);
    const bytes = await readAtMost(file, largestLab + 1);
    if (bytes.length > largestLab) throw tooLarge(file, 'longer than 1 MiB');
    return bytes.toString('utf8');
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

/** Pipes that a shell opened for us: somebody writes to them, or they are at their end. */
const ofTheShell = /^\/(?:dev\/stdin|(?:dev|proc\/self)\/fd\/\d+)$/;

function kindOf(entry: Stats): string {
  if (entry.isDirectory()) return 'a folder';
  if (entry.isFIFO()) return 'a named pipe';
  return entry.isSocket() ? 'a socket' : 'a device';
}

function tooLarge(file: string, size: string): K8slabError {
  return new K8slabError('LAB_TOO_LARGE', `${file} is ${size}; a lab file has at most 1 MiB.`);
}

async function readAtMost(file: string, most: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(most);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, most - length, null);
      length += bytesRead;
      if (bytesRead === 0 || length === most) return buffer.subarray(0, length);
    }
  } finally {
    await handle.close();
  }
}
