import { createHash } from 'node:crypto';
import { z } from 'zod';
import { writeAtomic } from './atomic.js';
import { pathProblem } from './paths.js';
import { readJson } from './stateStore.js';

/**
 * What k8slab wrote into a lab folder: `.k8slab/written.json`. It is written before files are touched, with the
 * hashes of old and new content, so that whatever a kill leaves behind is recognised as ours.
 */
export interface Written {
  schema: 1;
  /** Path to the sha256 of every content of ours that may stand there, newest last. */
  files: Record<string, string[]>;
  /** Folders k8slab made, which it removes once they are empty. */
  folders: string[];
}

/** Contents of a file that a person edited are remembered this far back. */
const remembered = 20;

const safePath = z.string().refine((file) => pathProblem(file) === undefined, 'not a path inside the lab');

const schema = z.strictObject({
  schema: z.literal(1),
  files: z.record(safePath, z.array(z.string().regex(/^[0-9a-f]{64}$/))),
  folders: z.array(safePath),
});

/** Reads the list; an empty one when there is none. Throws RENDER_STATE when it is damaged. */
export async function readWritten(file: string): Promise<Written> {
  return (await readJson(file, schema)) ?? { schema: 1, files: {}, folders: [] };
}

/** Writes the list in one step, keys sorted. */
export async function saveWritten(file: string, written: Written): Promise<void> {
  await writeAtomic(file, serializeWritten(written), 0o644);
}

/** The list as text: the same list gives the same bytes. */
export function serializeWritten(written: Written): string {
  const files = Object.fromEntries(Object.entries(written.files).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ schema: written.schema, files, folders: [...written.folders].sort() }, undefined, 1)}\n`;
}

/** Adds a hash as the newest one. */
export function remember(hashes: readonly string[] | undefined, hash: string): string[] {
  return [...(hashes ?? []).filter((other) => other !== hash), hash].slice(-remembered);
}

/** sha256 of a text as UTF-8, in hex. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
