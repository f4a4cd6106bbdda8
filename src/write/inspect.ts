import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { K8slabError } from '../errors/error.js';
import type { FileTree, TreeFile } from '../render/fileTree.js';
import { lstatOrNothing, requireFolder } from './atomic.js';
import { inParallel } from './inParallel.js';
import { orFileError } from './ioErrors.js';
import { newSuffix, parents } from './paths.js';
import { sha256, type Written } from './written.js';

/** What is to be done with a lab folder, found out before anything is touched. */
export interface Decision {
  /** Files to put in place: absent, or an older version of ours. */
  write: Map<string, TreeFile>;
  /** Already as they should be. */
  unchanged: string[];
  /** Already as they should be but for the mode. */
  chmod: Map<string, TreeFile>;
  /** Ours, untouched by anybody, and no longer generated. */
  remove: string[];
  /** No longer there and no longer generated. */
  forget: string[];
  kept: KeptFile[];
}

/** A file that a person edited: it stays as it is. */
export interface KeptFile {
  path: string;
  /** Where the version waits that k8slab would have written; absent when there is none. */
  newPath?: string;
  reason: 'edited' | 'no-longer-generated';
}

interface Found {
  sha256: string;
  /** With LF line ends: a checkout on Windows may have changed them. */
  sha256Lf: string;
  mode: number;
}

/** Compares a lab folder with the tree it should hold and with what k8slab wrote there before. Reads only. */
export async function inspect(dir: string, tree: FileTree, written: Written): Promise<Decision> {
  const known = Object.keys(written.files);
  const paths = [...new Set([...tree.keys(), ...[...tree.keys()].map((file) => file + newSuffix), ...known])];
  await checkFolders(dir, paths);
  const looked = await inParallel(paths, async (file) => [file, await look(path.join(dir, file))] as const);
  const found = new Map(looked);

  const decision: Decision = {
    write: new Map(),
    unchanged: [],
    chmod: new Map(),
    remove: [],
    forget: [],
    kept: [],
  };
  const wanted = new Set<string>();
  const place = (file: string, content: TreeFile): boolean => {
    wanted.add(file);
    const there = found.get(file);
    if (there?.sha256 === sha256(content.content)) {
      const sameMode = process.platform === 'win32' || there.mode === content.mode;
      if (sameMode) decision.unchanged.push(file);
      else decision.chmod.set(file, content);
    } else if (
      there === undefined ||
      isOurs(there, [...(written.files[file] ?? []), sha256(content.content)])
    ) {
      decision.write.set(file, content);
    } else return false;
    return true;
  };
  for (const [file, content] of tree) {
    if (place(file, content)) continue;
    const newPath = file + newSuffix;
    const placed = place(newPath, content);
    decision.kept.push({ path: file, reason: 'edited', ...(placed ? { newPath } : {}) });
  }
  for (const file of known.filter((name) => !wanted.has(name))) {
    const there = found.get(file);
    if (there === undefined) decision.forget.push(file);
    else if (isOurs(there, written.files[file] ?? [])) decision.remove.push(file);
    else decision.kept.push({ path: file, reason: 'no-longer-generated' });
  }
  return decision;
}

function isOurs(file: Found, hashes: readonly string[]): boolean {
  return hashes.includes(file.sha256) || hashes.includes(file.sha256Lf);
}

/** A path through a symbolic link could lead anywhere, so there is none, whether we write or remove. */
async function checkFolders(dir: string, paths: readonly string[]): Promise<void> {
  const folders = [...new Set(paths.flatMap(parents))];
  await inParallel(folders, (folder) => requireFolder(path.join(dir, folder)));
}

async function look(file: string): Promise<Found | undefined> {
  const stat = await lstatOrNothing(file);
  if (stat === undefined) return undefined;
  if (stat.isSymbolicLink()) throw new K8slabError('RENDER_SYMLINK', `${file} is a symbolic link.`);
  if (!stat.isFile()) throw new K8slabError('RENDER_IN_THE_WAY', `${file} is not a file.`);
  const content = await orFileError(`read ${file}`, () => readFile(file));
  const text = content.toString('utf8');
  const hash = sha256(content);
  return {
    sha256: hash,
    sha256Lf: text.includes('\r\n') ? sha256(text.replaceAll('\r\n', '\n')) : hash,
    mode: Number(stat.mode) & 0o777,
  };
}
