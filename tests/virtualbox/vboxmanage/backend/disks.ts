// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Medium } from '../state.js';
import type { Store } from '../store.js';
import { host, tryHost } from './run.js';

/** Folders that cannot lie on an overlay, because their programs mount overlays in them. */
const realFolders = ['var/lib/containerd', 'var/lib/containers', 'var/lib/docker'];

/**
 * A box's vmdk has a header as VMware and VirtualBox write it; from here on it holds the root as a compressed tar.
 * Source of the header: https://github.com/libyal/libvmdk/blob/main/documentation/VMWare%20Virtual%20Disk%20Format%20(VMDK).asciidoc
 */
export const payloadOffset = 65_536;

/** What is on disks: for each a folder of its own changes over the folders of those it is a clone of. */
export class Disks {
  constructor(private readonly store: Store) {}

  /** What lxc takes for a root, and the folders to bind into it. */
  root(uuid: string): { rootfs: string; binds: { from: string; to: string }[] } {
    const folder = this.folder(uuid);
    // Layers from the topmost down, then the folder of the changes.
    return {
      rootfs: `overlay:${this.layers(uuid).join(':')}:${path.join(folder, 'upper')}`,
      binds: realFolders.map((to) => ({ from: path.join(folder, 'real', to), to })),
    };
  }

  async unpack({ uuid }: Medium, file: string): Promise<void> {
    const root = path.join(this.folder(uuid), 'root');
    mkdirSync(root, { recursive: true });
    this.prepare(uuid, [root]);
    await host(
      'sh',
      '-c',
      'tail -c +$(($3 + 1)) "$1" | tar -xz -C "$2" --numeric-owner --xattrs --xattrs-include="*"',
      'unpack',
      file,
      root,
      String(payloadOffset),
    );
  }

  async pack({ uuid, capacity }: Medium, file: string): Promise<void> {
    const view = path.join(this.folder(uuid), 'view');
    mkdirSync(view, { recursive: true });
    const lower = [path.join(this.folder(uuid), 'upper'), ...this.layers(uuid)].join(':');
    writeFileSync(file, vmdkHeader(capacity, path.basename(file)));
    await host('mount', '-t', 'overlay', 'overlay', '-o', `ro,lowerdir=${lower}`, view);
    try {
      await host('sh', '-c', 'tar -cz -C "$1" --numeric-owner --xattrs . >>"$2"', 'pack', view, file);
    } finally {
      await host('umount', view);
    }
  }

  link(medium: Medium, from: Medium): Promise<void> {
    this.prepare(medium.uuid, [path.join(this.folder(from.uuid), 'upper'), ...this.layers(from.uuid)]);
    return this.copyFolder(from.uuid, medium.uuid, 'real');
  }

  async copy(medium: Medium, from: Medium): Promise<void> {
    if (!existsSync(this.folder(from.uuid))) return;
    this.prepare(medium.uuid, this.layers(from.uuid));
    await this.copyFolder(from.uuid, medium.uuid, 'upper');
    await this.copyFolder(from.uuid, medium.uuid, 'real');
  }

  async replace(uuid: string, from: string): Promise<void> {
    await tryHost('rm', '-rf', path.join(this.folder(uuid), 'upper'), path.join(this.folder(uuid), 'real'));
    this.prepare(uuid, this.layers(from));
    await this.copyFolder(from, uuid, 'upper');
    await this.copyFolder(from, uuid, 'real');
  }

  async remove(uuid: string): Promise<void> {
    await host('rm', '-rf', '--one-file-system', this.folder(uuid));
  }

  private folder(uuid: string): string {
    return this.store.path('disks', uuid);
  }

  private layers(uuid: string): string[] {
    return readFileSync(path.join(this.folder(uuid), 'layers'), 'utf8')
      .split('\n')
      .filter(Boolean);
  }

  private prepare(uuid: string, layers: readonly string[]): void {
    mkdirSync(path.join(this.folder(uuid), 'upper'), { recursive: true });
    for (const folder of realFolders)
      mkdirSync(path.join(this.folder(uuid), 'real', folder), { recursive: true });
    writeFileSync(path.join(this.folder(uuid), 'layers'), `${layers.join('\n')}\n`);
  }

  private async copyFolder(from: string, to: string, name: string): Promise<void> {
    await host('cp', '-a', path.join(this.folder(from), name, '.'), path.join(this.folder(to), name));
  }
}

/** The first 64 KiB of a stream-optimised vmdk of `capacity` bytes: header and descriptor. */
export function vmdkHeader(capacity: number, name: string): Buffer {
  const buffer = Buffer.alloc(payloadOffset);
  const sectors = BigInt(Math.ceil(capacity / 512));
  buffer.write('KDMV', 0, 'latin1');
  buffer.writeUInt32LE(3, 4);
  buffer.writeUInt32LE(0x30001, 8);
  buffer.writeBigUInt64LE(sectors, 12);
  buffer.writeBigUInt64LE(128n, 20);
  buffer.writeBigUInt64LE(1n, 28);
  buffer.writeBigUInt64LE(20n, 36);
  buffer.writeUInt32LE(512, 44);
  buffer.writeBigUInt64LE(0xffffffffffffffffn, 56);
  buffer.writeBigUInt64LE(128n, 64);
  buffer.write('\n \r\n', 73, 'latin1');
  buffer.writeUInt16LE(1, 77);
  const descriptor =
    '# Disk DescriptorFile\nversion=1\nCID=7e5a6c11\nparentCID=ffffffff\ncreateType="streamOptimized"\n\n' +
    `# Extent description\nRDONLY ${sectors} SPARSE "${name}"\n\n# The Disk Data Base\n#DDB\nddb.adapterType="ide"\n`;
  buffer.write(descriptor, 512, 'latin1');
  return buffer;
}
