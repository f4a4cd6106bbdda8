import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { K8slabError } from '../errors/error.js';
import type { Machine } from '../plan/cluster.js';
import { systemCode } from '../write/ioErrors.js';
import { statePath, type LabContext } from './lab.js';

/** One file that goes onto a machine, below `/tmp/k8slab/`. */
export interface DeliveredFile {
  path: string;
  mode: number;
  content: Buffer;
}

/** Everything a machine receives before it is provisioned. */
export interface Delivery {
  files: DeliveredFile[];
  /** sha256 over names, modes and contents: the same hash means there is nothing to do. */
  hash: string;
}

/**
 * Reads what goes onto a machine: its provisioner, its configuration files, and the secrets of its groups.
 * Shell scripts get LF line ends, whatever an editor on Windows made of them. Throws VAGRANT_DELIVERY_MISSING.
 */
export async function readDelivery(lab: LabContext, machine: Machine): Promise<Delivery> {
  const script = join(lab.folder, 'provision', `${machine.name}.sh`);
  const files: DeliveredFile[] = [{ path: 'provision.sh', mode: 0o755, content: withLf(await read(script)) }];
  files.push(...(await readFolder(join(lab.folder, 'provision', machine.name), 'files', 0o644, true)));
  for (const group of machine.secretGroups) {
    const planned = lab.cluster.secrets.some((secret) => secret.group === group);
    files.push(...(await readFolder(statePath(lab, 'secrets', group), `secrets/${group}`, 0o600, !planned)));
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const hash = createHash('sha256').update('k8slab delivery 1\0');
  for (const { path, mode, content } of files)
    hash.update(`${path}\0${mode}\0${content.length}\0`).update(content);
  return { files, hash: hash.digest('hex') };
}

async function readFolder(
  folder: string,
  prefix: string,
  mode: number,
  optional: boolean,
): Promise<DeliveredFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (optional && systemCode(error) === 'ENOENT') return [];
    throw unreadable(folder, error);
  });
  const files: DeliveredFile[] = [];
  for (const entry of entries) {
    const source = join(folder, entry.name);
    const path = `${prefix}/${entry.name}`;
    if (entry.isDirectory()) files.push(...(await readFolder(source, path, mode, false)));
    else if (entry.isFile()) {
      const content = await read(source);
      files.push({ path, mode, content: entry.name.endsWith('.sh') ? withLf(content) : content });
    } else throw unreadable(source, 'only files and folders can be delivered, and this is neither');
  }
  return files;
}

async function read(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
}

function withLf(content: Buffer): Buffer {
  return content.includes('\r\n') ? Buffer.from(content.toString('utf8').replaceAll('\r\n', '\n')) : content;
}

function unreadable(file: string, error: unknown): K8slabError {
  const reason =
    systemCode(error) === 'ENOENT'
      ? 'it is not there'
      : error instanceof Error
        ? error.message
        : String(error);
  return new K8slabError(
    'VAGRANT_DELIVERY_MISSING',
    `${file} cannot be delivered to its machine: ${reason}.`,
    { cause: error },
  );
}
