import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { vmdkHeader } from './vboxmanage/backend/disks.js';
import { ovf } from './vboxmanage/commands/appliance.js';

const run = promisify(execFile);
const recipe = path.resolve(import.meta.dirname, '..', '..', 'box-templates', 'lxc', 'box');

/** Adapter 1's address, the same on every machine of the box. */
export const baseMac = '080027C0FFEE';
const capacity = 64 * 1024 ** 3;

/** How the box's guest configures its adapters: as bento's Debian does, or as bento's Ubuntu. */
export type GuestNetwork = 'ifupdown' | 'netplan';

/**
 * A VirtualBox box with Debian 12: box.ovf, a vmdk, Vagrantfile and metadata.json. Its root is the one of the lxc provider's
 * box, with what the guest and Vagrant configure adapters with besides. Made once and kept in `cache`; needs root and
 * mmdebstrap. Gives the file.
 */
export async function virtualBoxBox(cache: string, network: GuestNetwork = 'ifupdown'): Promise<string> {
  const additions = path.join(import.meta.dirname, 'box', network);
  const file = path.join(cache, `virtualbox-${network}-${await digest(additions)}.box`);
  if (await stat(file).then(Boolean, () => false)) return file;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(path.join(os.tmpdir(), 'k8slab-vbox-'));
  try {
    const own = path.join(work, 'recipe');
    await cp(recipe, own, { recursive: true });
    await rename(path.join(own, 'customize.sh'), path.join(own, 'customize-lxc.sh'));
    await cp(additions, own, { recursive: true });
    await appendFile(
      path.join(own, 'packages.txt'),
      await readFile(path.join(additions, 'packages-virtualbox.txt')),
    );
    await run('bash', [path.join(own, 'build.sh'), path.join(work, 'lxc.box'), work], { maxBuffer: 2 ** 26 });
    const content = path.join(work, 'content');
    await mkdir(content);
    await run('tar', ['-xf', path.join(work, 'lxc.box'), '-C', work, 'rootfs.tar.gz']);
    const disk = path.join(content, 'box-disk001.vmdk');
    await writeFile(disk, vmdkHeader(capacity, 'box-disk001.vmdk'));
    await appendFile(disk, await readFile(path.join(work, 'rootfs.tar.gz')));
    await packBox(content, `${file}.part`);
    await rename(`${file}.part`, file);
    for (const old of await readdir(cache))
      if (old.startsWith(`virtualbox-${network}-`) && old !== path.basename(file))
        await rm(path.join(cache, old));
    return file;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** A box whose disk is empty: enough for machines on paper, and made in no time. */
export async function emptyBox(file: string): Promise<void> {
  const content = await mkdtemp(path.join(os.tmpdir(), 'k8slab-vbox-'));
  try {
    await writeFile(path.join(content, 'box-disk001.vmdk'), vmdkHeader(capacity, 'box-disk001.vmdk'));
    await packBox(content, file);
  } finally {
    await rm(content, { recursive: true, force: true });
  }
}

/** Adds to a folder with a disk what makes it a box, and packs it. */
async function packBox(content: string, file: string): Promise<void> {
  const disk = { file: 'box-disk001.vmdk', capacity };
  await writeFile(
    path.join(content, 'box.ovf'),
    ovf({ name: 'debian-12-amd64', osType: 'Debian12_64', cpus: 2, memory: 1024, mac: baseMac, disk }),
  );
  await writeFile(path.join(content, 'metadata.json'), '{"provider":"virtualbox"}\n');
  await writeFile(
    path.join(content, 'Vagrantfile'),
    `Vagrant.configure("2") do |config|\n  config.vm.base_mac = "${baseMac}"\nend\n`,
  );
  await run('tar', ['-cf', file, '-C', content, ...(await readdir(content))]);
}

async function digest(additions: string): Promise<string> {
  const hash = createHash('sha256').update(baseMac);
  for (const folder of [recipe, additions])
    for (const entry of (await readdir(folder, { recursive: true, withFileTypes: true })).sort((a, b) =>
      path.join(a.parentPath, a.name) < path.join(b.parentPath, b.name) ? -1 : 1,
    ))
      if (entry.isFile())
        hash.update(entry.name).update(await readFile(path.join(entry.parentPath, entry.name)));
  return hash.digest('hex').slice(0, 16);
}
