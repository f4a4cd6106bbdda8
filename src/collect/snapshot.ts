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
}

export interface MachineSnapshot {
  reachable: boolean;
  /** Why not, in ssh's own words; or, when reachable, what kept the collector from answering in full. */
  error?: string;
  /** Time the collector took, in seconds. */
  seconds?: number;
  system?: SystemFacts;
  runtime?: RuntimeFacts;
  kubelet?: KubeletFacts;
  api?: ApiFacts;
  bridge?: BridgeFacts;
}

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
}

export interface KubeletFacts {
  active: string | null;
  version: string | null;
  nodeIpFlag: string | null;
  log: string[] | null;
}

export interface ApiFacts {
  /** https://endpoint/livez as seen from this machine. */
  endpoint: ApiAnswer | null;
  /** The same of every control plane's own API server, by its planned address. */
  controlPlanes: ({ machine: string } & ApiAnswer)[] | null;
  /** --advertise-address in the static pod manifest; control planes only. */
  advertiseAddress?: string | null;
  /** Certificate files and their expiry, ISO 8601; control planes only. */
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
}
