import type { Snapshot } from '../collect/snapshot.js';
import type { ErrorCode } from '../errors/catalogue/index.js';
import type { Cluster } from '../plan/cluster.js';

/** Bottom up: a fault in one layer explains those above it. */
export const layers = [
  'machine',
  'runtime',
  'control-plane',
  'nodes',
  'cni',
  'dns',
  'data-path',
  'workload',
] as const;
export type Layer = (typeof layers)[number];

/** Something that is not as planned, or (`expected`) that is missing because the plan leaves it out. */
export interface Finding {
  code: ErrorCode;
  /** `expected` findings leave a lab sound: they say what is missing, and `fix` how to add it. */
  severity: 'failed' | 'warning' | 'expected';
  /** Machine it is about; absent for the cluster as a whole. */
  machine?: string;
  /** One sentence with the planned and the actual value. */
  message: string;
  /** Lines or values as they were seen. */
  evidence: string[];
  /** Commands for this lab, what mends it first; defaults to the catalogue's. */
  fix?: string[];
  /** Codes of findings of the same check that explain this one. */
  consequenceOf?: ErrorCode[];
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
  /**
   * A machine that this check finds at fault has nothing yet that the layers above `machine` could ask for: what they find there
   * follows from it, and when it is so on every machine, they are not asked.
   */
  settles?: true;
  /** Whether the question makes sense for this lab. */
  applies(cluster: Cluster): boolean;
  /**
   * Findings, none when all is as planned; `unknown` with a reason when what it needs could not be collected
   * (an unreachable machine is the finding of one check only); `findings` are then those found nevertheless;
   * `notAsked` with a reason when nobody was asked, which is nobody's fault.
   */
  evaluate(cluster: Cluster, snapshot: Snapshot): Answer;
}

export type Answer =
  Finding[] | { unknown: string; findings?: Finding[] } | { notAsked: string; findings?: Finding[] };
