import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from '../../write/atomic.js';
import { orFileError } from '../../write/ioErrors.js';
import { digestFile } from '../digest.js';

/** A part that nobody has written to for so long has no owner, whatever its process number says. */
const abandonedAfter = 24 * 3600 * 1000;
/** Parts that nobody came back for are removed. */
const forgottenAfter = 30 * abandonedAfter;

let numbers = 0;
const own = new Set<string>();

/**
 * Downloads by their checksum: `sha256/<sum>` when complete, `parts/<sum>.<process>-<number>` before. A part belongs to one
 * process; what a killed one left is taken over by renaming, so that two runs never write into the same file.
 */
export class Store {
  private readonly complete: string;
  private readonly parts: string;

  constructor(folder: string) {
    this.complete = path.join(folder, 'sha256');
    this.parts = path.join(folder, 'parts');
  }

  async open(): Promise<void> {
    await orFileError(`use the cache ${path.dirname(this.complete)}`, async () => {
      await mkdir(this.complete, { recursive: true, mode: 0o700 });
      await mkdir(this.parts, { recursive: true, mode: 0o700 });
      for (const name of await readdir(this.parts)) {
        const age = await this.ageOf(name);
        if (age > forgottenAfter) await rm(path.join(this.parts, name), { force: true });
      }
    });
  }

  pathOf(sha256: string): string {
    return path.join(this.complete, sha256);
  }

  /** The size of a complete download that is still whole; a damaged one is removed. */
  async find(sha256: string): Promise<number | undefined> {
    const file = this.pathOf(sha256);
    const found = await digestFile(file).catch(() => undefined);
    if (found === undefined || found.sha256 === sha256) return found?.size;
    await rm(file, { force: true });
    return undefined;
  }

  /** Bytes of the largest part that could be gone on with. */
  async started(sha256: string): Promise<number> {
    const sizes = (await this.partsOf(sha256)).map(({ size }) => size);
    return Math.max(0, ...sizes);
  }

  /** A file to write the download to, with what an ended process left in it. Give it back with `release` or `keep`. */
  async claim(sha256: string): Promise<string> {
    numbers += 1;
    const part = path.join(this.parts, `${sha256}.${process.pid}-${numbers}`);
    own.add(part);
    for (const { file } of await this.partsOf(sha256)) {
      if (
        await rename(file, part).then(
          () => true,
          () => false,
        )
      )
        break;
    }
    return part;
  }

  release(part: string): void {
    own.delete(part);
  }

  /** Makes a checked part a complete download. */
  async keep(part: string, sha256: string): Promise<void> {
    await rename(part, this.pathOf(sha256));
    own.delete(part);
    for (const { file } of await this.partsOf(sha256)) await rm(file, { force: true });
  }

  /** Parts that nobody writes to, the largest first. */
  private async partsOf(sha256: string): Promise<{ file: string; size: number }[]> {
    const found: { file: string; size: number }[] = [];
    for (const name of await readdir(this.parts)) {
      if (!name.startsWith(`${sha256}.`)) continue;
      const file = path.join(this.parts, name);
      const owner = Number(/\.(\d+)-\d+$/.exec(name)?.[1] ?? 0);
      const alive = owner === process.pid ? own.has(file) : isAlive(owner);
      if (alive && (await this.ageOf(name)) < abandonedAfter) continue;
      const info = await stat(file).catch(() => undefined);
      if (info !== undefined) found.push({ file, size: info.size });
    }
    return found.sort((a, b) => b.size - a.size);
  }

  private async ageOf(name: string): Promise<number> {
    const info = await stat(path.join(this.parts, name)).catch(() => undefined);
    return info === undefined ? 0 : Date.now() - info.mtimeMs;
  }
}
