import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from '../write/ioErrors.js';
import { exists } from '../write/exists.js';
import { removeAbandoned, removeTree, workingName } from './modules/cache.js';

/**
 * Makes a folder under another name and moves it to its own when it is complete, in place of an old one, which comes back when
 * that fails. Gives what `make` gives. Throws what it throws, and RENDER_… errors of the file system.
 */
export async function inPlace<T>(out: string, make: (folder: string) => Promise<T>): Promise<T> {
  const parent = path.dirname(out);
  const making = workingName(out);
  const old = workingName(out);
  try {
    await mkdir(parent, { recursive: true });
    await removeAbandoned(parent, `.${path.basename(out)}.`);
    await mkdir(making);
    const result = await make(making);
    const replaces = await exists(out);
    if (replaces) await rename(out, old);
    try {
      await rename(making, out);
    } catch (error) {
      if (replaces) await rename(old, out);
      throw error;
    }
    return result;
  } catch (error) {
    throw fileError(error, `write the bundle ${out}`);
  } finally {
    await removeTree(making);
    await removeTree(old);
  }
}
