// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { machineFolder, type Call } from '../call.js';
import { comError, progress, stoppedAt, syntaxError } from '../errors.js';
import {
  findMachine,
  isHeld,
  newMac,
  newMachine,
  requireUnlocked,
  settingsFile,
  writeSettings,
} from '../machines.js';
import { diskOf, newMedium, removeMedium } from '../media.js';
import { readOptions } from '../options.js';
import type { Machine, Medium, State } from '../state.js';
import { findSnapshot } from './snapshots.js';

/** clonevm. Source of formats: VBoxManageMisc.cpp and MachineImplCloneVM.cpp of VirtualBox. */
export async function cloneVm(args: string[], call: Call): Promise<void> {
  const options = readOptions(
    args,
    ['--name', '--snapshot', '--options', '--mode', '--groups', '--basefolder', '--uuid'],
    ['--register'],
  );
  const [source] = options.plain;
  if (source === undefined) throw syntaxError('VM name required');
  const name = await call.store.update(async (state) => {
    const original = findMachine(state, source);
    const linked = (options.get('--options') ?? '').split(',').includes('link');
    const title = options.get('--name') ?? `${original.name} Clone`;
    requireFree(title, call, state);
    const from = diskToClone(original, options.get('--snapshot'), linked, state);
    const clone = newMachine(
      unusedUuid(options.get('--uuid'), state),
      title,
      path.join(machineFolder(call.env), title),
    );
    Object.assign(clone, {
      osType: original.osType,
      memory: original.memory,
      cpus: original.cpus,
      settings: { ...original.settings },
      adapters: original.adapters.map((adapter) => ({ ...structuredClone(adapter), mac: newMac() })),
    });
    if (from !== undefined) {
      const file = path.join(
        clone.folder,
        linked ? 'Snapshots' : '',
        linked ? `{${randomUUID()}}.vmdk` : 'disk.vmdk',
      );
      const medium = newMedium(file, from.capacity, 'VMDK', linked ? from.uuid : from.parent);
      await (linked ? call.backend.linkDisk(medium, from) : call.backend.copyDisk(medium, from));
      state.media.push(medium);
      clone.controllers[0]?.attached.push({ port: 0, medium: medium.uuid });
    }
    if (options.has('--register')) state.machines.push(clone);
    writeSettings(clone);
    return title;
  });
  call.err(progress);
  call.out(`Machine has been successfully cloned as "${name}"\n`);
}

function requireFree(name: string, call: Call, state: State): void {
  const folder = path.join(machineFolder(call.env), name);
  if (!state.machines.some((machine) => machine.name === name) && !existsSync(folder)) return;
  throw comError(`Machine settings file '${path.join(folder, `${name}.vbox`)}' already exists`, {
    code: 'VBOX_E_FILE_ERROR',
    component: 'MachineWrap, interface IMachine',
    context: '"CreateMachine(…)" at line 611 of file VBoxManageMisc.cpp',
  });
}

/** Source of the words: registerMachine() in VirtualBoxImpl.cpp of VirtualBox. */
function unusedUuid(wanted: string | undefined, { machines }: State): string {
  const taken = machines.find(({ uuid }) => uuid === wanted);
  if (taken === undefined) return wanted ?? randomUUID();
  throw comError(`Registered machine with UUID {${taken.uuid}} ('${taken.name}') already exists`, {
    code: 'E_INVALIDARG',
    component: 'VirtualBoxWrap, interface IVirtualBox',
  });
}

function diskToClone(
  original: Machine,
  snapshot: string | undefined,
  linked: boolean,
  state: State,
): Medium | undefined {
  if (snapshot !== undefined) {
    const uuid = findSnapshot(original, snapshot).medium;
    return state.media.find((medium) => medium.uuid === uuid);
  }
  if (linked)
    throw comError('Linked clone can only be created from a snapshot', {
      code: 'E_INVALIDARG',
      component: 'MachineWrap, interface IMachine',
    });
  return diskOf(original, state);
}

/** unregistervm. Source of the words: VBoxManageMisc.cpp and MachineImpl.cpp of VirtualBox. */
export async function unregisterVm(args: string[], call: Call): Promise<void> {
  const options = readOptions(args, [], ['--delete|-delete', '--delete-all']);
  const [name] = options.plain;
  if (name === undefined) throw syntaxError('VM name required');
  await call.store.update(async (state) => {
    const machine = findMachine(
      state,
      name,
      '"FindMachine(Bstr(VMName).raw(), machine.asOutParam())" at line 153 of file VBoxManageMisc.cpp',
    );
    requireNotLocked(machine, call);
    const own = machine.controllers.flatMap(({ attached }) => attached.map(({ medium }) => medium));
    const disks = [
      ...own,
      ...machine.snapshots.flatMap(({ medium }) => (medium === undefined ? [] : [medium])),
    ];
    const child = state.media.find(
      ({ parent, uuid }) => parent !== undefined && disks.includes(parent) && !disks.includes(uuid),
    );
    if (child !== undefined && options.has('--delete')) {
      const parent = state.media.find(({ uuid }) => uuid === child.parent);
      throw comError(
        `Machine delete failed\nCannot delete storage: medium '${parent?.file ?? ''}' is still attached to the following 1 virtual machine(s): '${child.file}'`,
        {
          code: 'VBOX_E_OBJECT_IN_USE',
          component: 'MediumWrap, interface IMedium',
          callee: false,
          before: stoppedAt(10, 'VBOX_E_OBJECT_IN_USE'),
        },
      );
    }
    await call.backend.remove(machine);
    if (options.has('--delete')) {
      for (const uuid of disks) await removeMedium(uuid, state, call);
      rmSync(machine.folder, { recursive: true, force: true });
    }
    state.machines = state.machines.filter((entry) => entry !== machine);
    rmSync(settingsFile(machine), { force: true });
  });
  if (options.has('--delete')) call.err(progress);
}

function requireNotLocked(machine: Machine, call: Call): void {
  if (isHeld(machine) || call.backend.runs(machine)) {
    throw comError(`Cannot unregister the machine '${machine.name}' while it is locked`, {
      code: 'VBOX_E_INVALID_OBJECT_STATE',
      component: 'MachineWrap, interface IMachine',
      context:
        '"Unregister(CleanupMode_DetachAllReturnHardDisksOnly, ComSafeArrayAsOutParam(aMedia))" at line 160 of file VBoxManageMisc.cpp',
    });
  }
  requireUnlocked(machine, call, '"Unregister(…)" at line 160 of file VBoxManageMisc.cpp');
}
