// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Call } from './call.js';
import { comError, plainError } from './errors.js';
import type { Adapter, Machine, MachineState, State } from './state.js';
import { isAlive } from './processes.js';

/** States in which a process of the machine's own runs. */
const live: readonly MachineState[] = ['starting', 'running', 'paused', 'stopping', 'gurumeditation'];

/**
 * What the machine is now. A guest that shut down has ended its process in order; a process that vanished otherwise
 * leaves the machine `aborted`.
 */
export function machineState(machine: Machine, call: Call): MachineState {
  if (!live.includes(machine.state)) return machine.state;
  if (machine.state === 'starting' || machine.state === 'stopping') {
    if (isAlive(machine.session)) return machine.state;
    if (machine.process === undefined) return 'aborted';
  }
  if (call.backend.runs(machine)) return machine.state === 'starting' ? 'running' : machine.state;
  return call.backend.endedInOrder(machine) ? 'poweroff' : 'aborted';
}

export const isLive = (machine: Machine, call: Call): boolean => live.includes(machineState(machine, call));

/**
 * Source of the words: VirtualBoxImpl.cpp of VirtualBox; Vagrant looks for VBOX_E_OBJECT_NOT_FOUND among them.
 */
export function findMachine(state: State, nameOrUuid: string, context = findContext): Machine {
  const wanted = nameOrUuid.replace(/^\{(.*)\}$/, '$1');
  const found = state.machines.find(({ uuid, name }) => uuid === wanted.toLowerCase() || name === wanted);
  if (found !== undefined) return found;
  const words = isUuid(wanted)
    ? `Could not find a registered machine with UUID {${wanted.toLowerCase()}}`
    : `Could not find a registered machine named '${wanted}'`;
  throw comError(words, {
    code: 'VBOX_E_OBJECT_NOT_FOUND',
    component: 'VirtualBoxWrap, interface IVirtualBox',
    context,
  });
}

const findContext =
  '"FindMachine(Bstr(a->argv[0]).raw(), machine.asOutParam())" at line 640 of file VBoxManageModifyVM.cpp';

export const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);

/**
 * Whether another process works on the machine, or it runs: then nobody else may change its settings.
 * Source of the words: https://github.com/cilium/cilium/issues/1117
 */
export function requireUnlocked(machine: Machine, call: Call, context: string): void {
  if (!isLive(machine, call) && !isHeld(machine)) return;
  throw comError(`The machine '${machine.name}' is already locked for a session (or being unlocked)`, {
    code: 'VBOX_E_INVALID_OBJECT_STATE',
    component: 'MachineWrap, interface IMachine',
    context,
  });
}

/** Whether a living process other than this one holds the machine. */
export const isHeld = (machine: Machine): boolean =>
  machine.session?.pid !== process.pid && isAlive(machine.session);

/** Source of the words: VBoxManageControlVM.cpp. */
export function requireRunning(machine: Machine, call: Call): void {
  if (!isLive(machine, call)) throw plainError(`Machine '${machine.name}' is not currently running.`);
}

/** Writes down a state, and what comes with it. */
export function become(machine: Machine, state: MachineState): void {
  machine.state = state;
  machine.changed = `${new Date().toISOString().slice(0, 19)}.000000000`;
  if (!live.includes(state)) delete machine.process;
}

export function newMachine(uuid: string, name: string, folder: string): Machine {
  const machine: Machine = {
    uuid,
    name,
    groups: ['/'],
    osType: 'Debian12_64',
    folder,
    memory: 1024,
    cpus: 1,
    state: 'poweroff',
    changed: '',
    settings: {},
    adapters: Array.from({ length: 8 }, (_, index) => newAdapter(index + 1)),
    controllers: [{ name: 'SATA Controller', type: 'IntelAhci', ports: 1, attached: [] }],
    sharedFolders: [],
    properties: {},
    extraData: {},
    snapshots: [],
  };
  become(machine, 'poweroff');
  return machine;
}

export const newAdapter = (slot: number): Adapter => ({
  slot,
  type: 'none',
  nicType: '82540EM',
  mac: newMac(),
  cable: true,
  hostOnly: '',
  bridge: '',
  intnet: '',
  settings: {},
  forwards: [],
});

/** 08:00:27 is VirtualBox's own range of addresses. */
export const newMac = (): string => `080027${randomBytes(3).toString('hex').toUpperCase()}`;

export const settingsFile = (machine: Machine): string => path.join(machine.folder, `${machine.name}.vbox`);

/** The settings file: Vagrant looks whether a machine's folder holds one. */
export function writeSettings(machine: Machine): void {
  mkdirSync(machine.folder, { recursive: true });
  const forwards = machine.adapters.flatMap(({ slot, type, forwards: rules }) =>
    type === 'none'
      ? []
      : [
          `<Adapter slot="${slot - 1}" enabled="true"><NAT>`,
          ...rules.map(
            (rule) =>
              `<Forwarding name="${rule.name}" proto="${rule.protocol === 'tcp' ? 1 : 0}" hostip="${rule.hostAddress}" ` +
              `hostport="${rule.hostPort}" guestport="${rule.guestPort}"/>`,
          ),
          '</NAT></Adapter>',
        ],
  );
  writeFileSync(
    settingsFile(machine),
    `<?xml version="1.0"?>\n<VirtualBox xmlns="http://www.virtualbox.org/" version="1.19-linux">\n` +
      `<Machine uuid="{${machine.uuid}}" name="${machine.name}"><Hardware><Network>\n${forwards.join('\n')}\n` +
      '</Network></Hardware></Machine>\n</VirtualBox>\n',
  );
}
