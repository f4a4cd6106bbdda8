import { chmod, mkdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { FileTree } from '../render/fileTree.js';
import { makeStaging, removeLeftovers, replaceFile, requireFolder, writeWhole } from './atomic.js';
import { inParallel } from './inParallel.js';
import { inspect, type Decision, type KeptFile } from './inspect.js';
import { fileError, orFileError, systemCode } from './ioErrors.js';
import { prepareLabFolder, type LabPaths } from './labFolder.js';
import { checkPaths, newSuffix, parents } from './paths.js';
import { readWritten, remember, saveWritten, serializeWritten, sha256, type Written } from './written.js';

export type { KeptFile };

/** What was done; paths relative to the lab folder, sorted. */
export interface WriteReport {
  written: string[];
  unchanged: string[];
  removed: string[];
  /** Files that a person edited. */
  kept: KeptFile[];
}

export interface WriteOptions {
  /** For which system's limits paths are checked; this one's by default. */
  platform?: NodeJS.Platform;
}

/**
 * Brings a lab folder in line with a rendered tree. Writes only what changed, each file in one step; removes only files
 * k8slab wrote and nobody edited; keeps edited files and puts the new version beside them as `<name>.k8slab-new`.
 * A kill at any moment leaves every file wholly old or wholly new, and the next call finishes the work. All new content
 * is on the disk before the first file changes, so a full disk changes nothing. The caller holds the lab's lock.
 * Throws RENDER_FOLDER_NOT_OURS, RENDER_PATH, RENDER_SYMLINK, RENDER_IN_THE_WAY, RENDER_DISK_FULL, RENDER_READ_ONLY,
 * RENDER_PATH_TOO_LONG, RENDER_STATE, RENDER_WRITE.
 */
export async function writeLab(
  dir: string,
  tree: FileTree,
  options: WriteOptions = {},
): Promise<WriteReport> {
  checkPaths(path.resolve(dir), tree.keys(), options.platform ?? process.platform);
  const lab = await prepareLabFolder(dir);
  await orFileError(`clear ${lab.state}`, () => removeLeftovers(lab.state));
  const before = await readWritten(lab.written);
  const decision = await inspect(lab.dir, tree, before);
  const newFolders = await missingFolders(lab.dir, decision.write.keys());
  const after = whatIsOurs(before, decision, tree, newFolders);

  if (decision.write.size > 0) await putInPlace(lab, before, decision, newFolders);
  await inParallel([...decision.chmod], ([file, { mode }]) =>
    orFileError(`set the mode of ${file}`, () => chmod(path.join(lab.dir, file), mode)),
  );
  await inParallel(decision.remove, (file) =>
    orFileError(`remove ${file}`, () => rm(path.join(lab.dir, file), { force: true })),
  );
  after.folders = await pruneFolders(lab.dir, after);
  if (serializeWritten(after) !== serializeWritten(before)) await saveWritten(lab.written, after);

  const isGenerated = (file: string): boolean => tree.has(file);
  return {
    written: [...decision.write.keys()].filter(isGenerated).sort(),
    unchanged: [...decision.unchanged, ...decision.chmod.keys()].filter(isGenerated).sort(),
    removed: decision.remove.filter((file) => !file.endsWith(newSuffix)).sort(),
    kept: decision.kept.sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/** Stages all content, notes old and new hashes, and only then moves files into place. */
async function putInPlace(
  lab: LabPaths,
  before: Written,
  decision: Decision,
  newFolders: string[],
): Promise<void> {
  const staging = await orFileError(`write into ${lab.state}`, () => makeStaging(lab.state));
  try {
    const staged = [...decision.write].map(([file, content], index) => ({
      file,
      content,
      temporary: path.join(staging, String(index)),
    }));
    await inParallel(staged, ({ file, content, temporary }) =>
      orFileError(`write ${path.join(lab.dir, file)}`, () =>
        writeWhole(temporary, content.content, content.mode),
      ),
    );
    const files = { ...before.files };
    for (const { file, content } of staged) files[file] = remember(files[file], sha256(content.content));
    await saveWritten(lab.written, {
      ...before,
      files,
      folders: [...new Set([...before.folders, ...newFolders])],
    });
    for (const folder of newFolders) {
      await orFileError(`make the folder ${folder}`, () =>
        mkdir(path.join(lab.dir, folder), { recursive: true }),
      );
    }
    await inParallel(staged, ({ file, temporary }) =>
      orFileError(`write ${path.join(lab.dir, file)}`, () =>
        replaceFile(temporary, path.join(lab.dir, file)),
      ),
    );
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** The list as it is once everything is in place. */
function whatIsOurs(before: Written, decision: Decision, tree: FileTree, newFolders: string[]): Written {
  const files: Written['files'] = {};
  const content = (file: string): string | undefined =>
    (tree.get(file) ?? tree.get(file.slice(0, -newSuffix.length)))?.content;
  for (const file of [...decision.write.keys(), ...decision.unchanged, ...decision.chmod.keys()]) {
    files[file] = [sha256(content(file) ?? '')];
  }
  for (const { path: file } of decision.kept) {
    const current = tree.get(file)?.content;
    files[file] =
      current === undefined ? (before.files[file] ?? []) : remember(before.files[file], sha256(current));
  }
  return { schema: 1, files, folders: [...new Set([...before.folders, ...newFolders])] };
}

async function missingFolders(dir: string, files: Iterable<string>): Promise<string[]> {
  const folders = [...new Set([...files].flatMap(parents))].sort();
  const there = await inParallel(folders, (folder) => requireFolder(path.join(dir, folder)));
  return folders.filter((_, index) => there[index] === false);
}

/** Removes folders k8slab made that hold nothing any more; gives those that remain. */
async function pruneFolders(dir: string, after: Written): Promise<string[]> {
  const needed = new Set(Object.keys(after.files).flatMap(parents));
  const remaining: string[] = [];
  for (const folder of [...after.folders].sort().reverse()) {
    if (needed.has(folder) || !(await removeIfEmpty(path.join(dir, folder)))) remaining.push(folder);
  }
  return remaining;
}

async function removeIfEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return true;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw fileError(error, `remove the folder ${folder}`);
  }
}
