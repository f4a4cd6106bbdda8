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
  /** Baked boxes that Vagrant has here, made from the recipes of this k8slab. Absent: none. */
  bakedBoxes?: BakedBox[];
  /** Adaptations that this host makes necessary, by provider: ids of its manifest. Absent: none. */
  limits?: Record<string, string[]>;
}

/** What was decided once for a lab folder and stays: `.k8slab/decisions.json`. */
export interface Decisions {
  provider: string;
  hostOnlySubnet: string;
  /** Folder or URL of the bundle the lab takes its downloads from; `none`: the internet, as a person said. */
  bundle?: string;
  /** Version of the baked box its machines are made of; absent: of an ordinary one. */
  bakedBox?: string;
}

/** A baked box: `k8slab box bake` made it, and Vagrant has it. */
export interface BakedBox {
  /** What `config.vm.box` says. */
  name: string;
  /** What `config.vm.box_version` says; no two baked boxes have the same. */
  version: string;
  provider: string;
  /** Name of the box it was made from. */
  from: string;
  /** When, ISO 8601. */
  created: string;
  /** Says what is inside: see `bakingNeeds`. */
  key: string;
  /** Container images inside, by full name. */
  images: string[];
}
