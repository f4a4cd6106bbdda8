// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import type { Process } from './processes.js';

/** Everything the stand-in remembers, as one document. */
export interface State {
  machines: Machine[];
  media: Medium[];
  hostOnly: HostOnlyInterface[];
  dhcp: DhcpServer[];
  natNetworks: { name: string; network: string; dhcp: boolean }[];
  extraData: Record<string, string>;
}

export type MachineState =
  'poweroff' | 'saved' | 'aborted' | 'starting' | 'running' | 'paused' | 'stopping' | 'gurumeditation';

export interface Machine {
  uuid: string;
  name: string;
  groups: string[];
  osType: string;
  /** Folder of its settings file. */
  folder: string;
  memory: number;
  cpus: number;
  /** As last written down; see machineState for what it is now. */
  state: MachineState;
  changed: string;
  /** Other settings of modifyvm, as given. */
  settings: Record<string, string>;
  adapters: Adapter[];
  /** What hangs at which port of which controller. */
  controllers: { name: string; type: string; ports: number; attached: { port: number; medium: string }[] }[];
  sharedFolders: { name: string; hostPath: string; transient: boolean }[];
  properties: Record<string, string>;
  extraData: Record<string, string>;
  snapshots: Snapshot[];
  currentSnapshot?: string;
  /** Process that works on the machine; its death ends the session. */
  session?: Process;
  /** While it runs: lxc's process for it, which is to the stand-in what VBoxHeadless is to VirtualBox. */
  process?: Process;
  /** While it is saved: that process, frozen. */
  frozen?: Process;
}

export interface Adapter {
  slot: number;
  type: 'none' | 'nat' | 'hostonly' | 'bridged' | 'intnet' | 'natnetwork' | 'null';
  nicType: string;
  mac: string;
  cable: boolean;
  hostOnly: string;
  bridge: string;
  intnet: string;
  settings: Record<string, string>;
  forwards: Forward[];
}

export interface Forward {
  name: string;
  protocol: 'tcp' | 'udp';
  hostAddress: string;
  hostPort: number;
  guestAddress: string;
  guestPort: number;
}

/** A disk. What is on it lies below the stand-in's folder: see backend/disks.ts. */
export interface Medium {
  uuid: string;
  file: string;
  format: string;
  /** Bytes. */
  capacity: number;
  /** The disk of which this one holds only the differences. */
  parent?: string;
}

export interface Snapshot {
  uuid: string;
  name: string;
  description: string;
  parent?: string;
  /** The disk as it was. */
  medium?: string;
}

export interface HostOnlyInterface {
  name: string;
  index: number;
  address: string;
  netmask: string;
}

export interface DhcpServer {
  network: string;
  address: string;
  netmask: string;
  lower: string;
  upper: string;
  enabled: boolean;
}

export const emptyState = (): State => ({
  machines: [],
  media: [],
  hostOnly: [],
  dhcp: [],
  natNetworks: [],
  extraData: {},
});
