import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { bundleDocument } from '../bundle/bundle.js';
import { K8slabError } from '../errors/error.js';
import type { BundleFacts } from '../plan/bundle.js';
import type { Cluster } from '../plan/cluster.js';
import type { Decisions } from '../plan/host.js';
import { writeAtomic } from './atomic.js';
import { fileError, messageOf, systemCode } from './ioErrors.js';

/** A small JSON document with a name of its own below `.k8slab/`. */
export interface StateDocument<T> {
  /** File name, such as `decisions.json`. */
  name: string;
  schema: z.ZodType<T>;
  /** Unix mode; 0644 unless given. */
  mode?: number;
}

/** What was decided once for a lab folder and stays. */
export const decisionsDocument: StateDocument<Decisions> = {
  name: 'decisions.json',
  schema: z.strictObject({
    provider: z.string(),
    hostOnlySubnet: z.string(),
    bundle: z.string().exactOptional(),
    bakedBox: z.string().exactOptional(),
  }),
};

/** What was known of the lab's bundle when its files were written last. */
export const bundleFactsDocument: StateDocument<BundleFacts> = {
  name: 'bundle.json',
  schema: z.strictObject({
    location: z.string(),
    document: bundleDocument,
    imagesOf: z.record(z.string(), z.array(z.string())),
  }),
};

/** The plan that was rendered last. Only its outline is checked: k8slab itself wrote it. */
export const clusterDocument: StateDocument<Cluster> = {
  name: 'cluster.json',
  schema: z.custom<Cluster>(
    (value) =>
      z
        .looseObject({
          schema: z.literal(1),
          name: z.string(),
          provider: z.string(),
          networking: z.looseObject({ hostOnly: z.looseObject({ cidr: z.string() }) }),
          machines: z.array(z.looseObject({ name: z.string(), role: z.string(), address: z.string() })),
        })
        .safeParse(value).success,
    'not the plan of a lab',
  ),
};

/**
 * Reads a document of a lab's `.k8slab/` folder; nothing when it is not there.
 * Throws RENDER_STATE when it is damaged.
 */
export async function readState<T>(stateFolder: string, document: StateDocument<T>): Promise<T | undefined> {
  return readJson(path.join(stateFolder, document.name), document.schema);
}

/** Writes a document in one step. `.k8slab/` must exist. Throws RENDER_DISK_FULL, RENDER_READ_ONLY and the like. */
export async function writeState<T>(
  stateFolder: string,
  document: StateDocument<T>,
  value: T,
): Promise<void> {
  const text = `${JSON.stringify(value, undefined, 2)}\n`;
  await writeAtomic(path.join(stateFolder, document.name), text, document.mode ?? 0o644);
}

/** Reads and checks a JSON file; nothing when it is not there. Throws RENDER_STATE when it is damaged. */
export async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw fileError(error, `read ${file}`);
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new K8slabError('RENDER_STATE', `${file} is damaged: ${reason(error)}.`, {
      fix: [`Remove ${file} and run: k8slab render`],
      cause: error,
    });
  }
}

function reason(error: unknown): string {
  if (error instanceof z.ZodError) {
    const issue = error.issues[0];
    const field = issue?.path.join('.') ?? '';
    return `${field === '' ? '' : `${field}: `}${issue?.message ?? 'unexpected content'}`;
  }
  return messageOf(error);
}
