// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { ownProcess } from '../processes.js';
import type { Machine } from '../state.js';
import type { Store } from '../store.js';
import type { Backend } from './backend.js';

/**
 * Machines that exist on paper only: for tests of what VBoxManage prints and refuses, which need neither root nor
 * lxc. A machine runs for as long as a file says so.
 */
export function paperBackend(store: Store): Backend {
  const file = (machine: Machine): string => store.path(`paper-${machine.uuid}`);
  const nothing = (): Promise<void> => Promise.resolve();
  const stop = (machine: Machine): Promise<void> => {
    rmSync(file(machine), { force: true });
    return Promise.resolve();
  };
  const content = (machine: Machine): string => {
    try {
      return readFileSync(file(machine), 'utf8');
    } catch {
      return '';
    }
  };
  return {
    unpackDisk: nothing,
    packDisk: (_, target) => {
      writeFileSync(target, '');
      return Promise.resolve();
    },
    linkDisk: nothing,
    copyDisk: nothing,
    replaceDisk: nothing,
    removeDisk: nothing,
    interfaces: () => [],
    bridgeable: () => [
      { name: 'eth0', address: '192.0.2.7', netmask: '255.255.255.0', mac: '02:00:00:00:00:07', up: true },
    ],
    isUp: () => true,
    addBridge: nothing,
    addressBridge: nothing,
    removeBridge: nothing,
    runs: (machine) => content(machine) === 'runs',
    endedInOrder: (machine) => content(machine) === '',
    start: (machine) => {
      writeFileSync(file(machine), 'runs');
      return Promise.resolve(ownProcess());
    },
    pressPowerButton: stop,
    powerOff: stop,
    freeze: nothing,
    thaw: nothing,
    forward: nothing,
    crash: (machine) => {
      writeFileSync(file(machine), 'crashed');
    },
    remove: stop,
  };
}
