import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import type { Assets } from '../assets/manifests.js';
import { K8slabError } from '../errors/error.js';
import type { Cluster } from '../plan/cluster.js';
import { clusterSchema } from './clusterSchema.js';
import type { Snapshot } from './snapshot.js';
import { snapshotSchema } from './snapshotSchema.js';

/** A saved snapshot with the plan it is judged against, so that one file is enough on another computer. */
export interface SnapshotDocument {
  schema: 1;
  cluster: Cluster;
  snapshot: Snapshot;
}

const documentSchema: z.ZodType<SnapshotDocument> = z.looseObject({
  schema: z.literal(1),
  cluster: clusterSchema,
  snapshot: snapshotSchema,
});

/** Far above what 90 machines give, in bytes. */
const sizeLimit = 64 * 1024 * 1024;

/** The text of a saved snapshot: JSON, ended by a line feed. It holds no secrets. */
export function snapshotDocument(cluster: Cluster, snapshot: Snapshot): string {
  return `${JSON.stringify({ schema: 1, cluster, snapshot } satisfies SnapshotDocument, null, 2)}\n`;
}

/** What the reader takes from the package itself. */
type Own = Pick<Assets, 'bootstraps'>;

/** Reads a saved snapshot. Throws GUEST_SNAPSHOT_INVALID when it cannot be read, is too large, or is something else. */
export async function loadSnapshotDocument(file: string, own: Own): Promise<SnapshotDocument> {
  return parseSnapshotDocument(await readLimited(file), file, own);
}

/**
 * Takes the text of a saved snapshot; `file` names it in messages. The commands that its bootstrapper repairs with are those of this
 * package, whatever the file says. Throws GUEST_SNAPSHOT_INVALID.
 */
export function parseSnapshotDocument(text: string, file: string, own: Own): SnapshotDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.slice(0, 200) : 'not JSON';
    throw invalid(file, `is not JSON: ${reason}`, cause);
  }
  if (typeof value !== 'object' || value === null || !('snapshot' in value) || !('cluster' in value)) {
    throw invalid(file, 'holds no snapshot: `cluster` and `snapshot` are missing');
  }
  const schema = 'schema' in value ? value.schema : undefined;
  if (schema !== 1) {
    const version = typeof schema === 'number' ? `version ${schema}` : 'an unknown version';
    throw invalid(file, `was saved in ${version} of the format; this k8slab reads version 1`);
  }
  const result = documentSchema.safeParse(value);
  if (result.success) return withRepairs(result.data, own);
  const issues = result.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const more = result.error.issues.length - issues.length;
  throw invalid(
    file,
    `is not a snapshot of k8slab:\n  ${issues.join('\n  ')}${more > 0 ? `\n  and ${more} more` : ''}`,
  );
}

/** People copy these commands, and the file may be anybody's. */
function withRepairs(document: SnapshotDocument, { bootstraps }: Own): SnapshotDocument {
  const bootstrap = { ...document.cluster.bootstrap };
  delete bootstrap.repairs;
  const repairs = bootstraps[bootstrap.name]?.bootstrap?.repairs;
  return {
    ...document,
    cluster: { ...document.cluster, bootstrap: { ...bootstrap, ...(repairs && { repairs }) } },
  };
}

async function readLimited(file: string): Promise<string> {
  try {
    // Asked first: opening a pipe would wait for somebody to write into it.
    const facts = await stat(file);
    if (!facts.isFile()) throw invalid(file, 'is not a file');
    if (facts.size > sizeLimit) throw invalid(file, `is too large for a snapshot (${facts.size} bytes)`);
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof K8slabError) throw cause;
    throw invalid(file, `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

function invalid(file: string, what: string, cause?: unknown): K8slabError {
  return new K8slabError('GUEST_SNAPSHOT_INVALID', `${file} ${what}.`, { cause });
}
