import { createReadStream } from 'node:fs';
import { Header } from 'tar';

/** One entry as it lies in an archive, with every byte of it: extended headers, header, content and padding. */
export interface RawEntry {
  /** Without leading `./` or `/` and without trailing `/`. */
  path: string;
  type: string;
  bytes: Buffer[];
  /** The content alone. */
  content: Buffer;
}

const block = 512;

/** Reads a plain tar entry by entry; extended attributes and the like stay with the entry. */
export async function* readTar(file: string): AsyncGenerator<RawEntry> {
  const reader = new Reader(createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>);
  let before: Buffer[] = [];
  let longPath: string | undefined;
  for (;;) {
    const head = await reader.take(block);
    if (head === undefined || head.every((byte) => byte === 0)) return;
    const header = new Header(head, 0);
    if (!header.cksumValid) throw new Error(`${file} is damaged: wrong checksum of a header`);
    const size = header.size ?? 0;
    const padded = Math.ceil(size / block) * block;
    const body = padded === 0 ? Buffer.alloc(0) : await reader.take(padded);
    if (body === undefined) throw new Error(`${file} is damaged: it ends too early`);
    const content = body.subarray(0, size);
    if (
      header.type === 'ExtendedHeader' ||
      header.type === 'NextFileHasLongPath' ||
      header.type === 'NextFileHasLongLinkpath'
    ) {
      before.push(head, body);
      longPath = pathOf(header.type, content) ?? longPath;
      continue;
    }
    yield {
      path: (longPath ?? header.path ?? '')
        .replace(/^(\.?\/)+/, '')
        .replace(/\/+$/, '')
        .replace(/^\.$/, ''),
      type: header.type,
      bytes: [...before, head, body],
      content,
    };
    before = [];
    longPath = undefined;
  }
}

function pathOf(type: string, content: Buffer): string | undefined {
  if (type === 'NextFileHasLongPath') return content.toString('utf8').replace(/\0+$/, '');
  if (type !== 'ExtendedHeader') return undefined;
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.subarray(at, space).toString('latin1'));
    if (space < 0 || !Number.isInteger(length) || length <= 0) return undefined;
    const record = content.subarray(space + 1, at + length - 1).toString('utf8');
    if (record.startsWith('path=')) return record.slice('path='.length);
    at += length;
  }
  return undefined;
}

class Reader {
  private readonly chunks: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.chunks = source[Symbol.asyncIterator]();
  }

  /** Exactly so many bytes, or nothing at the end. */
  async take(count: number): Promise<Buffer | undefined> {
    const parts = [this.rest];
    let have = this.rest.length;
    while (have < count) {
      const next = await this.chunks.next();
      if (next.done === true) return undefined;
      parts.push(next.value);
      have += next.value.length;
    }
    const all = parts.length === 1 ? this.rest : Buffer.concat(parts);
    this.rest = all.subarray(count);
    return all.subarray(0, count);
  }
}
