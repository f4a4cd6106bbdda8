/** The condition of a machine, whatever runs on it; each part is null where it could not be read. */
export interface ConditionFacts {
  /** Sums of /etc/machine-id and of the firmware's product_uuid: equal only where these are equal. */
  identity: { machineId: string | null; productUuid: string | null } | null;
  /** Whether / is mounted shared. */
  sharedRoot: boolean | null;
  /** In MiB, and numbers of inodes, of the file system that / is on. */
  disk: { size: number; free: number; inodes: number; freeInodes: number } | null;
  /** In MiB. */
  memory: { size: number; free: number } | null;
  /** Rules and policies, as iptables prints them, that keep packets out and are not a cluster's own; null also without iptables. */
  firewallRules: string[] | null;
  /** Firewalls that run as a service: ufw, firewalld. */
  firewallUnits: string[] | null;
  /** Who holds the package manager's lock. */
  packageLocks: { file: string; process: string; pid: number }[] | null;
  /** Of /etc/resolv.conf. */
  nameServers: string[] | null;
  /** Names outside the lab that resolve there, of those that every machine asks for. */
  outsideNames?: string[] | null;
}

/** Calico on one node; each part is null where it could not be read. */
export interface CalicoFacts {
  /** Whether a process of BIRD's runs. */
  birdRuns: boolean | null;
  /** BIRD's BGP sessions: `Established` is the state to be in. */
  sessions: { peer: string; state: string; error: string }[] | null;
  /** Addresses whose TCP 179 BIRD knocks at without any answer. */
  unanswered: string[] | null;
  /** Felix' own account; null also where it does not answer. */
  felix: { live: boolean; ready: boolean } | null;
  /** /var/lib/calico/nodename; empty when it is missing, null before Calico has been there. */
  nodeName: string | null;
}
