/**
 * The plan of a lab, fully literal: templates print it, checks compare machines with it,
 * and neither computes anything. Plain JSON data.
 */
export interface Cluster {
  schema: 1;
  name: string;
  description: string;
  provider: string;
  box: PlannedBox;
  /** Absent when `bootstrap` is `none`. */
  kubernetes?: KubernetesPlan;
  bootstrap: PlannedChoice;
  runtime: PlannedChoice;
  cni: PlannedChoice;
  networking: PlannedNetworking;
  /** Where clients and kubelets reach the API. Absent when `bootstrap` is `none`. */
  endpoint?: Endpoint;
  /** Boot order. */
  machines: Machine[];
  /** Every download, by id; nothing is fetched from anywhere else. */
  sources: Source[];
  /** Container images the cluster runs, by full name. */
  images: string[];
  /** Secret files the lab needs, relative to `.k8slab/secrets/`; their contents are never part of a Cluster. */
  secrets: SecretReference[];
  ports: PortPlan[];
  totals: { machines: number; cpus: number; memoryMiB: number; diskGiB: number };
  warnings: PlanNote[];
  /** What is different because of this host's limits; absent: nothing. */
  adaptations?: Adaptation[];
  /** Where every download comes from, when not from the internet. */
  bundle?: PlannedBundle;
}

/** One limit of the host, and what is changed in the rendered files for it. */
export interface Adaptation {
  id: string;
  title: string;
  why: string;
  link: string;
  changes: Change[];
}

/** Values to set in files of this name (`*`: any characters): in YAML documents of a kind, or in a table of TOML. */
export type Change =
  | { file: string; kind: string; set: Record<string, unknown> }
  | { file: string; table: string; set: Record<string, string | number | boolean> };

export interface PlannedBundle {
  name: string;
  /** Absolute path of a folder, or a URL. */
  location: string;
  /** Base URL that machines fetch from. */
  mirror: string;
  /** The port of `mirror` on this host; absent when the bundle is served elsewhere. */
  port?: number;
  /** Images that are on the machines before the server of a local bundle ends. */
  images: string[];
}

/** A decision or repair worth telling the person about. */
export interface PlanNote {
  code: string;
  message: string;
}

export interface PlannedBox {
  /** Catalogue key, or `custom`. */
  key: string;
  /** What `config.vm.box` says. */
  name: string;
  family: PackageFamily;
  version?: string;
  url?: string;
  checksum?: { type: 'sha256' | 'sha512'; value: string };
  /** Built on the host from the distribution's packages when Vagrant does not have it yet. */
  build?: { recipe: string };
  /** User of ssh; `vagrant` for every box of the catalogue. */
  user: string;
}

export type PackageFamily = 'apt' | 'dnf';

export interface KubernetesPlan {
  /** Full version without `v`, such as 1.37.1. */
  version: string;
  /** 1.37 */
  minor: string;
  /** Size of each node's pod range as a prefix length. */
  nodeCidrMaskSize: number;
}

/** A chosen variant with every option literal (defaults filled in from its manifest). */
export interface PlannedChoice {
  name: string;
  version?: string;
  options: Record<string, string | number | boolean>;
}

export interface PlannedNetworking {
  hostOnly: {
    /** 192.168.56.0/24 */
    cidr: string;
    prefix: number;
    netmask: string;
    /** The host's own address, .1 */
    hostAddress: string;
    /** lxc and libvirt: the bridge's interface name on the host. */
    bridge: string;
  };
  /** The NAT adapter's range, the same on every machine: 10.0.2.0/24 with 10.0.2.15. */
  nat: { cidr: string; address: string };
  podSubnet: string;
  serviceSubnet: string;
  /** First address of the service range: the API inside the cluster. */
  apiServiceAddress: string;
  /** Tenth address of the service range. */
  dnsServiceAddress: string;
  dnsDomain: string;
  /** Bytes, or absent when the CNI finds it out. */
  mtu?: number;
}

export interface Endpoint {
  address: string;
  port: number;
  /** host:port */
  hostPort: string;
  /** `control-plane`: the first control plane itself; `load-balancer`: one machine; `vip`: held by keepalived. */
  kind: 'control-plane' | 'load-balancer' | 'vip';
}

export type Role = 'control-plane' | 'worker' | 'load-balancer';

export interface Machine {
  name: string;
  role: Role;
  /** Position within its role, from 0. */
  index: number;
  /** Host-only address: what the node registers, advertises and is reached by. */
  address: string;
  /** Host-only adapter's MAC, `00:16:3e:…` form. */
  mac: string;
  cpus: number;
  memoryMiB: number;
  diskGiB: number;
  schedulable: boolean;
  /** Pod range fixed by the plan; only for CNIs that route from the plan (bridge). */
  podCidr?: string;
  /** First address of podCidr: the machine's bridge. */
  podGateway?: string;
  /** Static routes to the pod ranges of the others. */
  routes: { destination: string; via: string; machine: string }[];
  /** Secret groups this machine receives: folders of `.k8slab/secrets/`. */
  secretGroups: SecretGroup[];
  /** What its provisioner does, in order. */
  steps: PlannedStep[];
  /** The constants at the top of its provisioner, in print order: exactly those its steps use. */
  settings: Setting[];
  /** Shell function files of provision-scripts/lib that its steps use, in load order. */
  library: string[];
}

export type SecretGroup = 'node' | 'control-plane' | 'load-balancer';

export interface SecretReference {
  /** `control-plane/pki/ca.key` */
  path: string;
  group: SecretGroup;
  kind: 'bootstrap-token' | 'certificate-authority' | 'private-key' | 'public-key' | 'password';
}

export interface Setting {
  name: string;
  value: string;
  /** Heading under which it is printed. */
  group: string;
}

export interface PlannedStep {
  /** Position in the provisioner, from 1. */
  number: number;
  /** `runtime/containerd/install` */
  id: string;
  title: string;
  /** One or two sentences. */
  why: string;
  link: string;
  /** Asset with the step's shell text, relative to provision-scripts/. */
  script: string;
  /** Configuration files the step needs, rendered to `provision/<machine>/<name>`. */
  files: PlannedFile[];
}

export interface PlannedFile {
  /** File name on the lab's side and on the machine. */
  name: string;
  /** Handlebars asset relative to provision-scripts/. */
  template: string;
}

export interface Source {
  id: string;
  kind: 'file' | 'apt-repository' | 'dnf-repository' | 'image-registry';
  url: string;
  /** Only for machines of this architecture (`amd64`, `arm64`); absent: the same everywhere. */
  arch?: string;
  /** For files: checked after download. */
  sha256?: string;
  /** For repositories: fingerprint of the signing key. */
  keyFingerprint?: string;
  keyUrl?: string;
  version?: string;
}

export interface PortPlan {
  /** `control-plane`, `worker`, `load-balancer`, or `all` */
  on: Role | 'all';
  port: string;
  protocol: 'tcp' | 'udp' | 'ip';
  what: string;
}
