import { open, rm, stat } from 'node:fs/promises';
import { K8slabError } from '../../errors/error.js';
import { orFileError } from '../../write/ioErrors.js';
import { digestFile } from '../digest.js';
import { bodyOf, requireGood, type Answer } from './answers.js';
import type { Client } from './client.js';
import { PassingFailure, unexpected } from './failure.js';
import type { Store } from './store.js';
import type { Wanted } from './types.js';

/** A download whose size nobody says is not taken beyond this. */
const sizeLimit = 4 * 1024 ** 3;

/**
 * Downloads into the store, going on with what is there. `onBytes` is told of bytes that came, and with a negative number of
 * those that had to be thrown away. Throws BUNDLE_UPSTREAM_DIGEST when the content is wrong twice.
 */
export async function download(
  client: Client,
  store: Store,
  wanted: Wanted,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<void> {
  const part = await orFileError(`keep ${wanted.what}`, () => store.claim(wanted.sha256));
  try {
    let found: { size: number; sha256: string } | undefined;
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await fill(client, part, wanted, onBytes);
      found = await digestFile(part);
      if (found.sha256 === wanted.sha256) {
        await orFileError(`keep ${wanted.what}`, () => store.keep(part, wanted.sha256));
        return;
      }
      // A part from an earlier run may be what was wrong; from the beginning then.
      await rm(part, { force: true });
      onBytes(-found.size);
    }
    const host = new URL(wanted.url).host;
    throw new K8slabError(
      'BUNDLE_UPSTREAM_DIGEST',
      `${wanted.what} from ${host} has another content than it must have.`,
      {
        raw: `${wanted.url}\n  expected sha256 ${wanted.sha256}\n  received sha256 ${found?.sha256 ?? ''}`,
      },
    );
  } finally {
    store.release(part);
  }
}

/** Downloads into the store unless it is there already. */
export async function ensure(client: Client, store: Store, wanted: Wanted): Promise<void> {
  if ((await store.find(wanted.sha256)) === undefined) await download(client, store, wanted);
}

async function fill(
  client: Client,
  part: string,
  wanted: Wanted,
  onBytes: (bytes: number) => void,
): Promise<void> {
  let offset = await lengthOf(part);
  let furthest = offset;
  if (wanted.size !== undefined && offset > wanted.size) {
    await rm(part, { force: true });
    onBytes(-offset);
    offset = 0;
  }
  if (offset > 0 && offset === wanted.size) return;
  await client.request(
    () => ({
      url: wanted.url,
      headers: offset === 0 ? {} : { range: `bytes=${offset}-` },
      ...(wanted.scope === undefined ? {} : { scope: wanted.scope }),
    }),
    async (answer, pulse) => {
      const start = startOf(answer, offset);
      if (start !== offset) {
        onBytes(-offset);
        offset = 0;
      }
      if (start === undefined) {
        await rm(part, { force: true });
        throw new PassingFailure(unexpected(answer.url, 'cannot go on with a download that was begun'));
      }
      await append(part, answer, { start: offset, limit: wanted.size ?? sizeLimit }, (bytes) => {
        offset += bytes;
        onBytes(bytes);
        pulse.beat();
        // Bytes that a host sends for the second time are no progress.
        pulse.advance(Math.max(0, offset - furthest));
        furthest = Math.max(furthest, offset);
      });
      if (wanted.size !== undefined && offset < wanted.size) {
        throw new PassingFailure(unexpected(answer.url, `sent ${offset} bytes of ${wanted.size}`));
      }
    },
  );
}

/** Where the bytes of this answer belong: the offset asked for, 0 for a host without ranges, nothing for a part that does not fit. */
function startOf({ response, url }: Answer, offset: number): number | undefined {
  if (response.status === 416 && offset > 0) return undefined;
  requireGood({ response, url });
  if (response.status === 200) return 0;
  const start = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
  return offset > 0 && Number(start) === offset ? offset : undefined;
}

async function append(
  part: string,
  answer: Answer,
  { start, limit }: { start: number; limit: number },
  onBytes: (bytes: number) => void,
): Promise<void> {
  const writing = 'write a download';
  const file = await orFileError(writing, () => open(part, start === 0 ? 'w' : 'a', 0o600));
  let end = start;
  try {
    for await (const chunk of bodyOf(answer)) {
      if (end + chunk.length > limit) {
        await rm(part, { force: true });
        onBytes(start - end);
        throw unexpected(answer.url, `sends more than the ${limit} bytes that it should`);
      }
      await orFileError(writing, () => file.writeFile(chunk));
      end += chunk.length;
      onBytes(chunk.length);
    }
  } finally {
    await file.close();
  }
}

async function lengthOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}
