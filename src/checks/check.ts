import type { Snapshot } from '../collect/snapshot.js';
import type { ErrorCode } from '../errors/catalogue/index.js';
import type { Cluster } from '../plan/cluster.js';

/** Bottom up: a fault in one layer explains those above it. */
export const layers = ['machine', 'runtime', 'control-plane', 'nodes', 'cni', 'dns'] as const;
export type Layer = (typeof layers)[number];

/** Something that is not as planned. */
export interface Finding {
  code: ErrorCode;
  severity: 'failed' | 'warning';
  /** Machine it is about; absent for the cluster as a whole. */
  machine?: string;
  /** One sentence with the planned and the actual value. */
  message: string;
  /** Lines or values as they were seen. */
  evidence: string[];
  /** Commands for this lab; defaults to the catalogue's. */
  fix?: string[];
}

/** One question asked of a snapshot. Pure: the same cluster and snapshot give the same findings. */
export interface Check {
  id: string;
  title: string;
  layer: Layer;
  /**
   * Checks, by id, whose failures explain what this one finds: on the same machine (or about the whole cluster),
   * or anywhere in the lab. Only wording follows from it.
   */
  follows?: { here?: string[]; anywhere?: string[] };
  /** Whether the question makes sense for this lab. */
  applies(cluster: Cluster): boolean;
  /**
   * Findings, none when all is as planned; `unknown` with a reason when what it needs could not be collected
   * (an unreachable machine is the finding of one check only); `findings` are then those found nevertheless.
   */
  evaluate(cluster: Cluster, snapshot: Snapshot): Answer;
}

export type Answer = Finding[] | { unknown: string; findings?: Finding[] };
