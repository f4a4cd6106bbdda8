// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import type { Process } from '../processes.js';
import type { Forward, HostOnlyInterface, Machine, Medium, State } from '../state.js';

export interface BridgeableInterface {
  name: string;
  address: string;
  netmask: string;
  mac: string;
  up: boolean;
}

/** What machines, disks and adapters are really made of. */
export interface Backend {
  /** Fills a new disk with what a box's vmdk holds. */
  unpackDisk(medium: Medium, file: string): Promise<void>;
  packDisk(medium: Medium, file: string): Promise<void>;
  /** A disk of differences to another, which must not change any more. */
  linkDisk(medium: Medium, from: Medium): Promise<void>;
  copyDisk(medium: Medium, from: Medium): Promise<void>;
  /** Gives a disk the content of another. */
  replaceDisk(uuid: string, from: string): Promise<void>;
  removeDisk(uuid: string): Promise<void>;

  /** Names of all network interfaces of this host. */
  interfaces(): string[];
  bridgeable(): BridgeableInterface[];
  isUp(name: string): boolean;
  addBridge(made: HostOnlyInterface): Promise<void>;
  addressBridge(made: HostOnlyInterface): Promise<void>;
  removeBridge(made: HostOnlyInterface): Promise<void>;

  /** Whether the machine's process lives. Quick: asked with every showvminfo. */
  runs(machine: Machine): boolean;
  /** Whether a process that is gone said goodbye. */
  endedInOrder(machine: Machine): boolean;
  /** Starts it; gives its process. */
  start(machine: Machine, state: State): Promise<Process>;
  pressPowerButton(machine: Machine): Promise<void>;
  powerOff(machine: Machine): Promise<void>;
  freeze(machine: Machine): Promise<void>;
  thaw(machine: Machine): Promise<void>;
  /** Opens or closes ports on this host, while the machine runs. */
  forward(machine: Machine, rules: readonly Forward[]): Promise<void>;
  /** Lets the machine's process die as if it had crashed, `seconds` from now. */
  crash(machine: Machine, seconds: number): void;
  remove(machine: Machine): Promise<void>;
}
