import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

export interface FileDigest {
  size: number;
  /** In hexadecimal. */
  sha256: string;
}

/** Size and SHA-256 of a file. Throws the system's own error. */
export async function digestFile(file: string): Promise<FileDigest> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { size, sha256: hash.digest('hex') };
}

const remembered = new Map<string, Promise<FileDigest>>();

/** The same, but a file that has not changed since is not read again by this process. */
export async function digestOnce(file: string): Promise<FileDigest> {
  const { mtimeMs, size, ino } = await stat(file);
  const key = `${file}\0${mtimeMs}\0${size}\0${ino}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const digest = digestFile(file);
  remembered.set(key, digest);
  return digest;
}

export function digestText(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}
