import type { BootstrapManifest } from '../assets/bootstrapManifest.js';
import type { SecretGroup, SecretReference } from './plannedSecret.js';
import type { PlannedStep, Setting } from './plannedStep.js';

/**
 * The plan of a lab, fully literal: templates print it, checks compare machines with it,
 * and neither computes anything. Plain JSON data.
 */
export interface Cluster {
  schema: 1;
  name: string;
  description: string;
  provider: string;
  /** Of a provider that has some, every option literal. */
  providerOptions?: PlannedChoice['options'];
  box: PlannedBox;
  /** Absent when `bootstrap` is `none`. */
  kubernetes?: KubernetesPlan;
  bootstrap: PlannedBootstrap;
  runtime: PlannedRuntime;
  cni: PlannedChoice;
  /** What gives several control planes one address. Absent: nothing does. */
  loadBalancer?: PlannedLoadBalancer;
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
  /** Registries that it has images of; absent in plans of earlier versions. */
  registries?: string[];
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
  /** A box of this host's own that was made from `from`, with everything inside that does not depend on the machine. */
  baked?: { from: string; created: string };
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

/** `programs` and `repairs` are absent in plans of earlier versions, and where there is no Kubernetes. */
export interface PlannedBootstrap extends PlannedChoice {
  programs?: PlannedProgram[];
  /** Commands for root; `{address}` stands for the machine's. What is not named, the machine's provisioner puts right. */
  repairs?: BootstrapManifest['repairs'];
  /** Each node's range of pod addresses comes from the controller manager: none is planned. */
  allocatesNodeRanges?: true;
}

/** A program of Kubernetes, what starts it, and from which file. */
export interface PlannedProgram {
  name: string;
  on: 'cluster' | 'control-planes';
  runs: 'unit' | 'static-pod';
  file: string;
  /** Programs without which it ends. */
  needs: string[];
}

export interface PlannedRuntime extends PlannedChoice {
  /** Unit of systemd and program, CRI socket, folder with images and containers. Absent in plans of earlier versions. */
  service?: { unit: string; program: string; socket: string; storage: string };
}

/** What clients reach before they reach an API server. */
export interface PlannedLoadBalancer extends PlannedChoice {
  /** Role of the machines it runs on: `control-plane` when stacked. */
  on: 'load-balancer' | 'control-plane';
  /** Names of these machines; the first one holds the address while all is well. */
  machines: string[];
  /** Port on which it hands connections on to the API servers. Absent: it only moves the address. */
  port?: number;
  /** keepalived's virtual router, 1 to 255: the same on all machines of this lab, another one in every lab. */
  virtualRouterId?: number;
  /** Container images that it runs. */
  images: string[];
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
  /** The NAT adapter's range, such as 10.0.2.0/24, and the address every machine has in it; empty: each another one. */
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
  /** `control-plane`: the first control plane itself; `load-balancer`: one machine; `vip`: moves among machines. */
  kind: 'control-plane' | 'load-balancer' | 'vip';
  /** Port on which every API server itself listens, on its control plane. */
  apiServerPort: number;
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
  /** Only where the load balancer runs. keepalived: who has the highest priority holds the virtual address. */
  balancer?: { vrrp?: { state: 'MASTER' | 'BACKUP'; priority: number } };
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
