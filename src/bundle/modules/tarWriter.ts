import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Header, Pax } from 'tar';

/** One entry of an archive that is the same whoever makes it: owned by root, with a fixed time. */
export interface TarEntry {
  /** Without a leading slash; a folder's ends without one, too. */
  path: string;
  mode: number;
  /** Exactly one of these: a file's place or its text, a link's target; none makes a folder. */
  file?: string;
  text?: string;
  link?: string;
}

const block = 512;
const padding = (size: number): Buffer => Buffer.alloc((block - (size % block)) % block);

/**
 * The bytes of a tar, entries sorted by path; `time` in seconds since 1970. A file that appears again under another path becomes a
 * hard link to the first. Throws the system's own error.
 */
export async function* tarBytes(entries: readonly TarEntry[], time: number): AsyncGenerator<Buffer> {
  const first = new Map<string, string>();
  for (const entry of [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const same = entry.file === undefined ? undefined : first.get(`${entry.mode} ${entry.file}`);
    if (same !== undefined) {
      yield* header(entry, { type: 'Link', linkpath: same, size: 0 }, time);
      continue;
    }
    if (entry.file !== undefined) first.set(`${entry.mode} ${entry.file}`, entry.path);
    yield* plainEntry(entry, time);
  }
  yield Buffer.alloc(2 * block);
}

async function* plainEntry(entry: TarEntry, time: number): AsyncGenerator<Buffer> {
  if (entry.file !== undefined) {
    const { size } = await stat(entry.file);
    yield* header(entry, { type: 'File', size }, time);
    yield* exactly(entry.file, size);
    yield padding(size);
  } else if (entry.text !== undefined) {
    const content = Buffer.from(entry.text);
    yield* header(entry, { type: 'File', size: content.length }, time);
    yield content;
    yield padding(content.length);
  } else if (entry.link !== undefined) {
    yield* header(entry, { type: 'SymbolicLink', linkpath: entry.link, size: 0 }, time);
  } else {
    yield* header(entry, { type: 'Directory', size: 0 }, time);
  }
}

async function* exactly(file: string, size: number): AsyncGenerator<Buffer> {
  let seen = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    seen += chunk.length;
    yield chunk;
  }
  if (seen !== size) throw new Error(`${file} changed while it was read`);
}

interface Kind {
  type: 'File' | 'Link' | 'SymbolicLink' | 'Directory';
  size: number;
  linkpath?: string;
}

function* header(entry: TarEntry, kind: Kind, time: number): Generator<Buffer> {
  const path = kind.type === 'Directory' ? `${entry.path}/` : entry.path;
  const linkpath = kind.linkpath === undefined ? {} : { linkpath: kind.linkpath };
  const owner = { uid: 0, gid: 0, uname: 'root', gname: 'root' };
  const encoded = new Header({ path, mode: entry.mode, ...owner, mtime: new Date(time * 1000), ...kind });
  if (encoded.encode()) yield new Pax({ path, ...linkpath }).encode();
  if (encoded.block === undefined) throw new Error(`no header for ${entry.path}`);
  yield encoded.block;
}

/** The folders above the entries, for an archive that is to make them all. */
export function withParents(entries: readonly TarEntry[]): TarEntry[] {
  const known = new Set(entries.map((entry) => entry.path));
  const parents = new Set<string>();
  for (const entry of entries) {
    const parts = entry.path.split('/');
    for (let count = 1; count < parts.length; count += 1) {
      const parent = parts.slice(0, count).join('/');
      if (!known.has(parent)) parents.add(parent);
    }
  }
  return [...[...parents].map((path) => ({ path, mode: 0o755 })), ...entries];
}
