import { Buffer } from 'node:buffer';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/**
 * The package as a person gets it: packed with `npm pack` and installed into an empty folder outside of the
 * repository, so that a dependency missing from package.json is missing here too. Once a jest run; tests find the
 * folder in K8SLAB_TEST_INSTALLED and the tarball in K8SLAB_TEST_TARBALL.
 */
export default async function setUp() {
  const tarball = await packed();
  process.env.K8SLAB_TEST_TARBALL = tarball;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'k8slab-installed-'));
  process.env.K8SLAB_TEST_INSTALLED = folder;
  await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n');
  await npm(folder, 'install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', tarball);
}

const root = path.resolve(import.meta.dirname, '../..');
/** Everything the package is made from. */
const inputs = ['package.json', 'tsconfig.json', 'README.md', 'LICENSE', 'CHANGELOG.md'];
const inputFolders = ['src', 'box-templates', 'provision-scripts', 'labs'];

/** Packing is kept for as long as nothing that goes into it changes. */
async function packed() {
  const files = await listInputs();
  const cache = path.join(root, 'node_modules', '.cache', 'k8slab');
  const tarball = path.join(cache, `k8slab-${await digest(files)}.tgz`);
  if (await isThere(tarball)) return tarball;
  await mkdir(cache, { recursive: true });
  const stage = await mkdtemp(path.join(os.tmpdir(), 'k8slab-pack-'));
  try {
    const fresh = await isBuilt(files);
    for (const name of [...inputs, ...inputFolders, ...(fresh ? ['dist', 'schema'] : [])]) {
      if (await isThere(path.join(root, name))) {
        await cp(path.join(root, name), path.join(stage, name), { recursive: true });
      }
    }
    await symlink(path.join(root, 'node_modules'), path.join(stage, 'node_modules'), 'junction');
    if (!fresh) await npm(stage, 'run', 'build');
    await npm(stage, 'pack', '--ignore-scripts');
    const name = (await readdir(stage)).find((file) => file.endsWith('.tgz'));
    await cp(path.join(stage, name), `${tarball}.${process.pid}.part`);
    await rename(`${tarball}.${process.pid}.part`, tarball);
    const old = (await readdir(cache)).filter(
      (file) => file.endsWith('.tgz') && file !== path.basename(tarball),
    );
    await Promise.all(old.map((file) => rm(path.join(cache, file), { force: true })));
    return tarball;
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

async function listInputs() {
  const inFolders = await Promise.all(
    inputFolders.map(async (folder) => {
      const entries = await readdir(path.join(root, folder), { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
    }),
  );
  return [...inputs, ...inFolders.flat().sort()];
}

async function digest(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = await readFile(path.join(root, file)).catch(() => Buffer.alloc(0));
    const mode = (await isThere(path.join(root, file))) ? (await stat(path.join(root, file))).mode : 0;
    hash.update(`${file}\0${mode & 0o111}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Whether `dist/` was built after the last change; its last file is written when all else went well. */
async function isBuilt(files) {
  const last = await stat(path.join(root, 'dist', 'assets.json')).catch(() => undefined);
  if (last === undefined) return false;
  const folders = [...new Set(files.map((file) => path.dirname(file)))].filter((folder) => folder !== '.');
  const times = await Promise.all(
    [...files, ...folders].map((file) =>
      stat(path.join(root, file)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return times.every((time) => time < last.mtimeMs);
}

async function npm(folder, ...args) {
  // What the npm that runs us put into the environment would send the inner one to the repository.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(config_local_prefix|config_prefix|package_|lifecycle_)/.test(name),
    ),
  );
  const windows = process.platform === 'win32';
  try {
    await promisify(execFile)(windows ? 'npm.cmd' : 'npm', args, { cwd: folder, env, shell: windows });
  } catch (error) {
    throw new Error(`npm ${args.join(' ')} failed:\n${error.stdout}${error.stderr}`, { cause: error });
  }
}

async function isThere(file) {
  return stat(file).then(
    () => true,
    () => false,
  );
}
