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

/** The bytes of a tar, entries sorted by path; `time` in seconds since 1970. Throws the system's own error. */
export async function* tarBytes(entries: readonly TarEntry[], time: number): AsyncGenerator<Buffer> {
  for (const entry of [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const content = entry.text === undefined ? undefined : Buffer.from(entry.text);
    const size = content?.length ?? (entry.file === undefined ? 0 : (await stat(entry.file)).size);
    yield* header(entry, size, time);
    if (content !== undefined) {
      yield content;
    } else if (entry.file !== undefined) {
      yield* exactly(entry.file, size);
    }
    yield padding(size);
  }
  yield Buffer.alloc(2 * block);
}

async function* exactly(file: string, size: number): AsyncGenerator<Buffer> {
  let seen = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    seen += chunk.length;
    yield chunk;
  }
  if (seen !== size) throw new Error(`${file} changed while it was read`);
}

function* header(entry: TarEntry, size: number, time: number): Generator<Buffer> {
  const isFile = entry.text !== undefined || entry.file !== undefined;
  const type = isFile ? 'File' : entry.link === undefined ? 'Directory' : 'SymbolicLink';
  const data = {
    path: type === 'Directory' ? `${entry.path}/` : entry.path,
    mode: entry.mode,
    uid: 0,
    gid: 0,
    uname: 'root',
    gname: 'root',
    size,
    mtime: new Date(time * 1000),
    type,
    ...(entry.link === undefined ? {} : { linkpath: entry.link }),
  } as const;
  const encoded = new Header(data);
  if (encoded.encode()) {
    yield new Pax({
      path: data.path,
      ...(entry.link === undefined ? {} : { linkpath: entry.link }),
    }).encode();
  }
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
