import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from '../../write/atomic.js';
import { exists } from '../../write/exists.js';
import { orFileError, systemCode } from '../../write/ioErrors.js';

export interface CacheEntry {
  folder: string;
  /** Whether it was there already. */
  cached: boolean;
}

/**
 * Results of long work, each in a folder named by what it was made from. A folder appears when it is complete, so a kill at any
 * moment, or two runs at once, leave nothing half made.
 */
export class BuildCache {
  constructor(readonly folder: string) {}

  /** Makes the cache's folder; removes what killed runs left and what was not used for a long time. */
  async open(): Promise<void> {
    await orFileError(`use the cache ${this.folder}`, async () => {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      for (const kind of await readdir(this.folder, { withFileTypes: true })) {
        if (!kind.isDirectory()) continue;
        await removeAbandoned(path.join(this.folder, kind.name));
        if (kind.name !== 'signing') await removeUnused(path.join(this.folder, kind.name));
      }
    });
  }

  async has(kind: string, name: string, key: unknown): Promise<boolean> {
    return exists(this.place(kind, name, key));
  }

  /** Whether there is any entry whose name begins so. */
  async hasAny(kind: string, prefix: string): Promise<boolean> {
    const names = await readdir(path.join(this.folder, kind)).catch((): string[] => []);
    return names.some((name) => name.startsWith(prefix));
  }

  /** The entry for `key` (anything that has a JSON form); `make` fills a new folder when there is none. */
  async entry(
    kind: string,
    name: string,
    key: unknown,
    make: (folder: string) => Promise<void>,
  ): Promise<CacheEntry> {
    const folder = this.place(kind, name, key);
    if (await exists(folder)) {
      await utimes(folder, new Date(), new Date());
      return { folder, cached: true };
    }
    const making = path.join(
      path.dirname(folder),
      `.${path.basename(folder)}.${process.pid}-${nextNumber()}.tmp`,
    );
    await mkdir(making, { recursive: true });
    try {
      await make(making);
      await moveInto(making, folder);
    } finally {
      await removeTree(making);
    }
    return { folder, cached: false };
  }

  private place(kind: string, name: string, key: unknown): string {
    const sum = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 16);
    return path.join(this.folder, kind, `${name.replace(/[^A-Za-z0-9.+-]/g, '_')}-${sum}`);
  }
}

/** Days after which an entry that no run has used is removed. */
const keptFor = 60;

async function removeUnused(kind: string): Promise<void> {
  for (const name of await readdir(kind)) {
    const used = await stat(path.join(kind, name)).catch(() => undefined);
    if (used !== undefined && Date.now() - used.mtimeMs > keptFor * 86_400_000)
      await removeTree(path.join(kind, name));
  }
}

let numbers = 0;
function nextNumber(): number {
  numbers += 1;
  return numbers;
}

async function moveInto(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    // Another run made the same meanwhile.
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(systemCode(error) ?? '') || !(await exists(to)))
      throw error;
  }
}

/** Removes working folders of processes that are gone; `prefix` limits it to those of one name. */
export async function removeAbandoned(folder: string, prefix = '.'): Promise<void> {
  for (const name of await readdir(folder)) {
    const owner = /\.(\d+)-\d+\.tmp$/.exec(name)?.[1];
    if (name.startsWith(prefix) && owner !== undefined && !isAlive(Number(owner))) {
      await removeTree(path.join(folder, name));
    }
  }
}

/** A name, beside `target`, for a folder that becomes it; `removeAbandoned` knows it. */
export function workingName(target: string): string {
  return path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}-${nextNumber()}.tmp`);
}

export async function removeTree(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
