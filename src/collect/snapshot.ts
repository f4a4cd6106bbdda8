import type { CalicoFacts, ConditionFacts } from './nodeFacts.js';
import type { ProgramFacts } from './programFacts.js';
import type { ProbeFacts } from './snapshotProbes.js';

/**
 * What was seen on the machines of a lab at one moment: facts only, no judgement, no secrets.
 * `null` means that it could not be read; absent parts do not exist on that kind of machine.
 */
export interface Snapshot {
  schema: 1;
  lab: string;
  /** ISO 8601, the host's clock. */
  takenAt: string;
  tool: string;
  machines: Record<string, MachineSnapshot>;
  /** The Kubernetes API's own account, asked on the first control plane that answered. */
  cluster?: ClusterSnapshot;
  /** The API as this host reaches it. */
  host?: HostFacts;
  /** What pods of our own found out. */
  probes?: ProbeFacts;
}

export interface MachineSnapshot {
  reachable: boolean;
  /** Why not, in ssh's own words; or, when reachable, what kept the collector from answering in full. */
  error?: string;
  /** Time the collector took, in seconds. */
  seconds?: number;
  system?: SystemFacts;
  /** Absent in older snapshots, like every part that may be absent below. */
  condition?: ConditionFacts;
  runtime?: RuntimeFacts;
  kubelet?: KubeletFacts;
  api?: ApiFacts;
  bridge?: BridgeFacts;
  /** Only on machines in front of the API servers. */
  balancer?: BalancerFacts;
  /** Only on control planes. */
  etcd?: EtcdFacts;
  /** Programs of Kubernetes besides the kubelet, where the plan names some. */
  programs?: ProgramFacts[] | null;
  /** Only on nodes of labs with Calico. */
  calico?: CalicoFacts;
}

export type HostFacts = Pick<ApiFacts, 'endpoint' | 'controlPlanes'> & {
  /** Names outside the lab that this host's name servers find, of those that every machine asks for. */
  outsideNames?: string[];
};

export interface SystemFacts {
  hostname: string | null;
  /** What the machine's own hostname resolves to. */
  hostnameResolvesTo: string[] | null;
  os: string | null;
  kernel: string | null;
  interfaces: { name: string; mac: string; mtu: number; up: boolean; addresses: string[] }[] | null;
  routes: { destination: string; via: string | null; device: string }[] | null;
  /** Active swap areas. */
  swap: string[] | null;
  /** Swap lines of /etc/fstab that are not commented out. */
  fstabSwap: string[] | null;
  /** Loaded or built in. */
  modules: Record<string, boolean> | null;
  sysctls: Record<string, string | null> | null;
  /** Names of failed systemd units. */
  failedUnits: string[] | null;
  clock: { epochSeconds: number } | null;
  /** When it booted last, in seconds since 1970, by its own clock. */
  bootedAt?: number | null;
  /** What k8slab noted there: whether the machine was set up to the end, and when it was reset; absent in older snapshots. */
  notes?: { provisioned: boolean; resetAt: string | null };
}

export interface RuntimeFacts {
  name: string;
  /** systemctl is-active */
  active: string | null;
  version: string | null;
  /** Whether the CRI socket exists. */
  socket: boolean | null;
  /** Last log lines when not active. */
  log: string[] | null;
  /** Names of the files in /etc/cni/net.d: none means that no CNI is configured. */
  cniFiles: string[] | null;
  /** What crictl got from the socket: versions, or the runtime's refusal; null without crictl. */
  cri?: { ok: boolean; said: string } | null;
  cgroupDriver?: 'systemd' | 'cgroupfs' | null;
  /** Short ids of the containers that run. */
  containers?: string[] | null;
  /** The image that holds every pod's network, as the runtime is configured, and whether it is on the machine. */
  sandboxImage?: { name: string; present: boolean } | null;
}

export interface KubeletFacts {
  active: string | null;
  version: string | null;
  /** Value of --node-ip; empty when it is not set. */
  nodeIpFlag: string | null;
  /** Value of --hostname-override; empty when it is not set. */
  hostnameOverride?: string | null;
  /** The API server in its kubeconfig; null before it has one. */
  server?: string | null;
  cgroupDriver?: string | null;
  log: string[] | null;
}

export interface ApiFacts {
  /** https://endpoint/readyz as seen from this machine. */
  endpoint: ApiAnswer | null;
  /** The same of every control plane's own API server, by its planned address. */
  controlPlanes: ({ machine: string } & ApiAnswer)[] | null;
  /** --advertise-address in the static pod manifest; control planes only. */
  advertiseAddress?: string | null;
  /** --cluster-cidr of the controller manager; control planes only. */
  clusterCidr?: string | null;
  /** Certificate files, and kubeconfigs with one, and their expiry, ISO 8601; control planes only. */
  certificates?: { path: string; notAfter: string; sans: string[] }[] | null;
  /** What kept kubectl on this control plane from answering; absent when it answered. */
  kubectlError?: string;
}

export interface ApiAnswer {
  url: string;
  ok: boolean;
  /** What it said, or why there was no answer. */
  answer: string | null;
}

export interface BalancerFacts {
  /** haproxy, keepalived, kube-vip: how each is installed (null: it is not), and whether a process of it runs. */
  programs: { name: string; how: 'unit' | 'static-pod' | null; running: boolean }[] | null;
  /** haproxy's view of the API servers; null where haproxy does not run or was not asked. */
  servers: { name: string; address: string | null; status: string; check: string }[] | null;
}

export interface EtcdFacts {
  running: boolean | null;
  /** Its own /health: it has a leader and can commit. */
  healthy: boolean | null;
  /** What /health said, or why there was no answer. */
  said: string | null;
  /** Its id; that of the leader it knows, `0` or null for none. */
  member: string | null;
  leader: string | null;
  /** All members that it knows; null when it could not be asked. */
  members: { id: string; name: string; peerUrls: string[]; learner: boolean }[] | null;
}

export interface BridgeFacts {
  name: string;
  exists: boolean | null;
  addresses: string[] | null;
  mtu: number | null;
  /** Container addresses that the CNI handed out on this machine. */
  leases: string[] | null;
  /** Pings to the bridges of the other machines; `bytes` is the size of the whole IP packet. */
  pings: { from: string; to: string; machine: string; bytes: number; ok: boolean; detail: string }[] | null;
}

export interface ClusterSnapshot {
  /** Machine that was asked. */
  askedOn: string;
  version: string | null;
  nodes: NodeFacts[] | null;
  pods: PodFacts[] | null;
  /** Addresses behind the `kubernetes` Service. */
  apiEndpoints: string[] | null;
  deployments: { namespace: string; name: string; desired: number; available: number }[] | null;
  /** Calico's pools, when Calico is there. */
  ipPools?: { name: string; cidr: string; ipipMode: string; vxlanMode: string; disabled: boolean }[] | null;
  /** Whether Calico makes every node a BGP peer of every other; absent without Calico. */
  nodeToNodeMesh?: boolean | null;
  /** When each bootstrap token ends, ISO 8601, or `never`. */
  tokenEnds?: string[] | null;
  /** CoreDNS' configuration, and the last words of its pods. */
  corefile?: string[] | null;
  coreDnsLog?: string[] | null;
  /** What each node's kubelet answered when the API server passed a question on to it, or why there was no answer. */
  kubelets?: { node: string; ok: boolean; said: string }[] | null;
  /** What Cilium's agents say of their nodes, when Cilium is there. */
  ciliumNodes?: { name: string; internalIPs: string[]; podCIDRs: string[] }[] | null;
}

export interface NodeFacts {
  name: string;
  ready: boolean;
  /** Reason and message of the Ready condition. */
  readyReason: string;
  readyMessage: string;
  internalIPs: string[];
  podCIDR: string | null;
  taints: string[];
  unschedulable: boolean;
  kubeletVersion: string;
  runtimeVersion: string;
  annotations: Record<string, string>;
}

export interface PodFacts {
  namespace: string;
  name: string;
  /** Owner's kind and name, or the pod's own for static pods. */
  owner: string;
  node: string | null;
  phase: string;
  ready: boolean;
  restarts: number;
  podIP: string | null;
  hostNetwork: boolean;
  /** waiting or terminated reason of the first container that has one */
  reason: string | null;
  message: string | null;
  /** Short ids of the containers that run as far as the API knows. */
  running?: string[];
  /** Those of its containers that were started again, with their last life; absent when there are none. */
  restarted?: RestartFacts[];
}

/** A container that was started again. Times are ISO 8601, by the clock of the pod's machine. */
export interface RestartFacts {
  container: string;
  restarts: number;
  /** Its last life, and why it ended, such as `Error (exit status 1)`. */
  last: { from: string; to: string; why: string };
  /** Since when it runs again; null: it waits. */
  runsSince: string | null;
}
