/**
 * A lab as a person described it: validated, defaults filled in, nothing planned yet.
 * Plain data; `positions` traces every value that was written to its place in the file.
 */
export interface Lab {
  name: string;
  description: string;
  /** A provider's folder name, or `auto`. */
  provider: string;
  /** Options the lab set beside the provider's name. */
  providerOptions?: Choice['options'];
  /** `auto`: the provider's default from the catalogue. */
  box: 'auto' | BoxRequest;
  kubernetes: { version: 'default' | (string & {}) };
  /** `kubeadm` or `none`: a folder name under provision-scripts/bootstrap. */
  bootstrap: Choice;
  runtime: Choice;
  cni: Choice;
  /** What gives several control planes one address; `none` balances nothing. */
  loadBalancer: Choice;
  networking: LabNetworking;
  controlPlanes: RoleRequest;
  workers: RoleRequest;
  loadBalancers: RoleRequest;
}

/** A variant by its folder name, with the options its manifest declares; absent options take the manifest's default. */
export interface Choice {
  name: string;
  options: Record<string, string | number | boolean>;
}

/** Either a key of the box catalogue, or a box described in full. */
export type BoxRequest =
  | { key: string }
  | { name: string; family: 'apt' | 'dnf'; url?: string; version?: string; checksum?: string };

export interface LabNetworking {
  /** IPv4 CIDR, or `auto`: the first free /24. */
  hostOnlySubnet: 'auto' | (string & {});
  podSubnet: string;
  serviceSubnet: string;
  dnsDomain: string;
  nodeCidrMaskSize: number;
  /** Bytes; `auto` leaves it to the CNI, or to the link for the bridge CNI. */
  mtu: number | 'auto';
  /** Address that moves among machines: whole, or `.9`, its last octet; `auto`: the last free one up to .99. */
  virtualAddress: 'auto' | (string & {});
  /** Port on which clients reach the API; `auto`: the API server's, or another one where a balancer runs beside it. */
  endpointPort: number | 'auto';
  /** Port on which each API server listens. */
  apiServerPort: number;
}

export interface RoleRequest {
  count: number;
  cpus: number;
  memoryMiB: number;
  diskGiB: number;
  /** Whether ordinary pods may run there (control planes: no taint). */
  schedulable: boolean;
  /** Overrides by index, first machine first; never longer than `count`. */
  machines: MachineRequest[];
}

export interface MachineRequest {
  name?: string;
  /** Whole (192.168.56.30) when hostOnlySubnet is a range; `.30`, its last octet, when that is `auto`. */
  address?: string;
  cpus?: number;
  memoryMiB?: number;
  diskGiB?: number;
  schedulable?: boolean;
}

/** The file a lab came from, kept to point at the line of a mistake. */
export interface LabSource {
  /** As the person named it, for messages. */
  file: string;
  /** With LF line ends, without a byte order mark and before `--set`: what positions count in. */
  text: string;
  /**
   * Value path (`networking.podSubnet`, `workers.machines.0.name`) to its place.
   * Paths that were not written are absent; look up the nearest written parent.
   * A group's position is that of its key. A value given by `--set` has `file` and `text` of its own.
   */
  positions: Record<string, { line: number; column: number; length: number; file?: string; text?: string }>;
}

/** What parsing gives: the lab and where each value stood. */
export interface ParsedLab {
  lab: Lab;
  source: LabSource;
  warnings: Warning[];
}

/** Something worth saying that does not stop anything. */
export interface Warning {
  /** Of the error catalogue. */
  code: string;
  message: string;
  path?: string;
}
