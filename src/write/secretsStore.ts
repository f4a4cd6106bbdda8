import { chmod, readFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ensureFolder, makeStaging, replaceFile, requireFolder, writeAtomic, writeWhole } from './atomic.js';
import { orFileError } from './ioErrors.js';
import { labPaths } from './labFolder.js';
import { parents } from './paths.js';

/** Secret files of a lab: path below `.k8slab/secrets/` (`control-plane/pki/ca.key`) to text. */
export type Secrets = Map<string, string>;

const folderMode = 0o700;
const fileMode = 0o600;

/**
 * Reads every secret of a lab; none when there are none yet. Files and folders that others could read are closed
 * to them (0600, 0700). Throws RENDER_SYMLINK, RENDER_READ_ONLY.
 */
export async function readSecrets(dir: string): Promise<Secrets> {
  const root = labPaths(dir).secrets;
  const secrets: Secrets = new Map();
  if (!(await requireFolder(root))) return secrets;
  const entries = await orFileError(`read ${root}`, () =>
    readdir(root, { recursive: true, withFileTypes: true }),
  );
  await close(root, folderMode);
  for (const entry of entries) {
    const full = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await close(full, folderMode);
    else if (entry.isFile()) {
      await close(full, fileMode);
      const file = path.relative(root, full).replaceAll(path.sep, '/');
      secrets.set(file, await orFileError(`read ${full}`, () => readFile(full, 'utf8')));
    } else await requireFolder(full);
  }
  return secrets;
}

/**
 * Adds secrets to a lab and gives all it has afterwards. One that is already there is never overwritten, but for those named
 * in `renewed`. The first ones appear all together in one step, so that a kill never leaves half of a pair. `.k8slab/` must exist.
 */
export async function addSecrets(
  dir: string,
  secrets: ReadonlyMap<string, string>,
  renewed: readonly string[] = [],
): Promise<Secrets> {
  const { secrets: root, state } = labPaths(dir);
  const there = await readSecrets(dir);
  const missing = [...secrets].filter(([file]) => !there.has(file) || renewed.includes(file));
  if (missing.length === 0) return there;
  if (await requireFolder(root)) {
    for (const [file, content] of missing) {
      await ensureParents(root, file);
      await writeThrough(state, path.join(root, file), content);
    }
  } else {
    const staging = await orFileError(`write into ${state}`, () => makeStaging(state));
    try {
      for (const [file, content] of missing) {
        await ensureParents(staging, file);
        await orFileError(`write ${root}`, () => writeWhole(path.join(staging, file), content, fileMode));
      }
      await orFileError(`write ${root}`, () => replaceFile(staging, root));
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }
  return new Map([...there, ...missing]);
}

/** Writes a private file of the lab that may change, such as its kubeconfig: 0600, in one step. */
export async function writePrivate(file: string, content: string): Promise<void> {
  await writeAtomic(file, content, fileMode);
}

/** Through a file outside the secrets folder: that one goes to machines as a whole and never holds temporary files. */
async function writeThrough(state: string, file: string, content: string): Promise<void> {
  const staging = await orFileError(`write into ${state}`, () => makeStaging(state));
  try {
    const temporary = path.join(staging, 'secret');
    await orFileError(`write ${file}`, () => writeWhole(temporary, content, fileMode));
    await orFileError(`write ${file}`, () => replaceFile(temporary, file));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function ensureParents(root: string, file: string): Promise<void> {
  for (const folder of parents(file)) await ensureFolder(path.join(root, folder), folderMode);
}

async function close(file: string, mode: number): Promise<void> {
  if (process.platform === 'win32') return;
  await orFileError(`set the mode of ${file}`, async () => {
    const now = (await stat(file)).mode & 0o777;
    if ((now & 0o077) !== 0) await chmod(file, mode);
  });
}
