/** What planning may know of the host; collected outside, plain data, so that planning stays pure. */
export interface HostFacts {
  platform: NodeJS.Platform;
  arch: string;
  /** Providers whose programs are all installed, by folder name. */
  installedProviders: string[];
  /** Providers that the system's package manager can install completely; absent: unknown. */
  installableProviders?: string[];
  /** Hardware virtualisation usable (CPU flags or /dev/kvm; assumed on macOS and Windows). */
  virtualization: boolean;
  /** Root, or sudo without asking. */
  root: boolean;
  /** IPv4 ranges of the host's interfaces and routes (no default route), without this lab's own. */
  networks: { cidr: string; name: string }[];
  /** Host-only ranges other labs on this host hold. */
  otherLabs: { name: string; folder: string; hostOnlySubnet: string }[];
  /** Ranges VirtualBox allows, from /etc/vbox/networks.conf or its default. */
  vboxAllowedRanges: string[];
  /** Adaptations that this host makes necessary, by provider: ids of its manifest. Absent: none. */
  limits?: Record<string, string[]>;
}

/** What was decided once for a lab folder and stays: `.k8slab/decisions.json`. */
export interface Decisions {
  provider: string;
  hostOnlySubnet: string;
  /** Folder or URL of the bundle the lab takes its downloads from. */
  bundle?: string;
}
