import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';

/**
 * The absolute path of an ordinary file below a folder: no link leads to it, and it has the size that is expected.
 * Undefined otherwise. Names come from bundle.json, never from a client; this keeps a bundle from lending out
 * the rest of the disk by a link.
 */
export async function locateInside(folder: string, file: string, size: number): Promise<string | undefined> {
  try {
    const root = await realpath(folder);
    const wanted = path.join(root, ...file.split('/'));
    const [real, stat] = await Promise.all([realpath(wanted), lstat(wanted)]);
    return real === wanted && wanted.startsWith(root + path.sep) && stat.isFile() && stat.size === size
      ? wanted
      : undefined;
  } catch {
    return undefined;
  }
}
