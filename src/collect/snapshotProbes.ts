import type { ApiAnswer, BridgeFacts } from './snapshot.js';

/** One ping; `bytes` is the size of the whole IP packet. */
export type Ping = NonNullable<BridgeFacts['pings']>[number];

/**
 * What pods of our own found out: one on every node, and a small workload. They live in a namespace of their own that is
 * removed as soon as all is known.
 */
export interface ProbeFacts {
  /** Why no pod was started; the rest is then empty. */
  notAsked?: string;
  /** What kept the API from taking the pods. */
  refused?: string;
  /** Time it took, in seconds. */
  seconds?: number;
  /** One a node; null: the API did not list them. */
  pods: ProbePod[] | null;
  /** What kubectl did with the pod of every node, of those that run. Absent in older snapshots. */
  tries?: KubectlTry[];
  /** What each machine's pod reaches; a machine without a running pod is not there. */
  machines: Record<string, ProbeView>;
  /** Absent: the lab has no image for one. */
  workload?: WorkloadFacts;
  /** The workload's page, as this host gets it on a port of every node; null: there is no such port. */
  nodePorts: ({ machine: string } & ApiAnswer)[] | null;
}

export interface ProbePod {
  name: string;
  machine: string | null;
  phase: string;
  ready: boolean;
  ip: string | null;
  /** Why a container waits, or the last event. */
  reason: string | null;
}

/** `kubectl logs` of a machine's pod, or `kubectl exec` of a program in it that tells its version and ends. */
export interface KubectlTry {
  machine: string;
  verb: 'logs' | 'exec';
  ok: boolean;
  /** What kubectl printed, or that it did not end in time. */
  said: string;
}

export interface ProbeView {
  /** What kept the machine from answering. */
  error?: string;
  /** To the pods of the other machines. */
  pings: Ping[] | null;
  /** The API through its Service, `https://10.96.0.1/readyz`. */
  service: ApiAnswer | null;
  /** Names asked of the cluster's DNS. */
  names: NameAnswer[] | null;
  /** A host outside, and whether the pod reaches it; null: this machine itself does not. */
  outside: { name: string; ok: boolean; detail: string } | null;
}

export interface NameAnswer {
  name: string;
  /** Address of the server that was asked: the Service's, or a pod's of CoreDNS. */
  server: string;
  /** NOERROR, NXDOMAIN, SERVFAIL …; null without an answer. */
  status: string | null;
  addresses: string[];
  /** Why there was no answer. */
  detail: string;
}

export interface WorkloadFacts {
  image: string;
  desired: number;
  available: number;
  pods: ProbePod[];
}
