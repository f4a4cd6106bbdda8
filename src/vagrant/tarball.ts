import { Header, Pax } from 'tar';
import type { DeliveredFile } from './delivery.js';

const blockSize = 512;

/** An uncompressed tar of files in memory, owned by root, with their folders (mode 0700). Nothing touches the disk. */
export function tarball(files: readonly DeliveredFile[]): Buffer {
  const blocks: Buffer[] = [];
  for (const folder of folders(files)) blocks.push(entry(`${folder}/`, 'Directory', 0o700, 0));
  for (const { path, mode, content } of files) {
    blocks.push(entry(path, 'File', mode, content.length), content, padding(content.length));
  }
  blocks.push(Buffer.alloc(2 * blockSize));
  return Buffer.concat(blocks);
}

function folders(files: readonly DeliveredFile[]): string[] {
  const found = new Set<string>();
  for (const { path } of files) {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) found.add(parts.slice(0, depth).join('/'));
  }
  return [...found].sort();
}

function entry(path: string, type: 'File' | 'Directory', mode: number, size: number): Buffer {
  const fields = { path, type, mode, size, uid: 0, gid: 0, uname: 'root', gname: 'root', mtime: new Date(0) };
  const header = new Header(fields);
  const block = Buffer.alloc(blockSize);
  header.encode(block, 0);
  return header.needPax ? Buffer.concat([new Pax({ path, size }).encode(), block]) : block;
}

function padding(size: number): Buffer {
  return Buffer.alloc((blockSize - (size % blockSize)) % blockSize);
}
