// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Call } from '../call.js';
import { comError, plainError, progress, syntaxError } from '../errors.js';
import { findMachine, requireUnlocked, writeSettings } from '../machines.js';
import { findMedium, newMedium, removeMedium } from '../media.js';
import { readOptions } from '../options.js';
import type { Machine } from '../state.js';

/** guestproperty get|set|unset|enumerate. Without guest additions a guest has none of its own. */
export async function guestProperty(args: string[], call: Call): Promise<void> {
  const [verb, name, key, value] = args.filter((argument) => !argument.startsWith('--'));
  if (verb === undefined || name === undefined) throw syntaxError('Incorrect parameters');
  const machine = findMachine(call.store.read(), name);
  if (verb === 'get') {
    const found = machine.properties[key ?? ''];
    call.out(found === undefined ? 'No value set!\n' : `Value: ${found}\n`);
  } else if (verb === 'enumerate') {
    for (const [property, content] of Object.entries(machine.properties))
      call.out(`${property} = '${content}'\n`);
  } else if (verb === 'set' || verb === 'unset' || verb === 'delete') {
    await call.store.update((state) => {
      const { properties } = findMachine(state, name);
      if (key !== undefined && verb === 'set' && value !== undefined) properties[key] = value;
      else if (key !== undefined) Reflect.deleteProperty(properties, key);
    });
  } else {
    throw syntaxError(`Unknown subcommand: ${verb}`);
  }
}

/** setextradata global|VM KEY [VALUE]; getextradata. */
export async function setExtraData([name, key, value]: string[], call: Call): Promise<void> {
  if (name === undefined || key === undefined) throw syntaxError('Not enough parameters');
  await call.store.update((state) => {
    const data = name === 'global' ? state.extraData : findMachine(state, name).extraData;
    if (value === undefined || value === '') Reflect.deleteProperty(data, key);
    else data[key] = value;
  });
}

export function getExtraData([name, key]: string[], call: Call): void {
  if (name === undefined || key === undefined) throw syntaxError('Incorrect number of parameters');
  const state = call.store.read();
  const value = (name === 'global' ? state.extraData : findMachine(state, name).extraData)[key];
  call.out(value === undefined ? 'No value set!\n' : `Value: ${value}\n`);
}

/** sharedfolder add|remove. Guests have no guest additions, so nothing is ever mounted in them. */
export async function sharedFolder(args: string[], call: Call): Promise<void> {
  const [verb, vm, ...rest] = args;
  const options = readOptions(
    rest,
    ['--name|-name', '--hostpath|-hostpath', '--auto-mount-point'],
    ['--transient|-transient', '--automount|-automount', '--readonly|-readonly'],
  );
  const name = options.get('--name');
  if (vm === undefined || name === undefined) throw syntaxError('Parameter --name is required');
  await call.store.update((state) => {
    const machine = findMachine(state, vm);
    const found = machine.sharedFolders.find((folder) => folder.name === name);
    const transient = options.has('--transient');
    if (!transient)
      requireUnlocked(
        machine,
        call,
        '"LockMachine(a->session, LockType_Write)" at line 1262 of file VBoxManageMisc.cpp',
      );
    if (verb === 'add') {
      const hostPath = options.get('--hostpath');
      if (hostPath === undefined) throw syntaxError('Parameter --hostpath is required');
      if (found !== undefined)
        throw folderError(`Shared folder named '${name}' already exists`, 'VBOX_E_FILE_ERROR');
      if (!path.isAbsolute(hostPath))
        throw folderError(`Shared folder path '${hostPath}' is not absolute`, 'E_INVALIDARG');
      machine.sharedFolders.push({ name, hostPath, transient });
    } else if (found === undefined) {
      throw folderError(`Could not find a shared folder named '${name}'`, 'VBOX_E_FILE_ERROR');
    } else {
      machine.sharedFolders = machine.sharedFolders.filter((folder) => folder !== found);
    }
  });
}

const folderError = (words: string, code: 'VBOX_E_FILE_ERROR' | 'E_INVALIDARG') =>
  comError(words, { code, component: 'SessionMachine, interface IMachine' });

/** createmedium. Source of formats: VBoxManageDisk.cpp of VirtualBox. */
export async function createMedium(args: string[], call: Call): Promise<void> {
  const options = readOptions(args, [
    '--filename',
    '--size',
    '--sizebyte',
    '--format',
    '--variant',
    '--diffparent',
  ]);
  const file = options.get('--filename');
  const bytes = options.get('--sizebyte') ?? String(Number(options.get('--size') ?? '0') * 1024 ** 2);
  if (file === undefined || Number(bytes) <= 0)
    throw syntaxError('Parameters --filename and --size are required');
  if (existsSync(file))
    throw comError(
      `Failed to create medium\nCould not create the medium storage unit '${file}'.\nVDI: cannot create image '${file}' (VERR_ALREADY_EXISTS)`,
      {
        code: 'VBOX_E_FILE_ERROR',
        component: 'MediumWrap, interface IMedium',
        callee: false,
      },
    );
  const uuid = await call.store.update((state) => {
    const medium = newMedium(path.resolve(file), Number(bytes), options.get('--format') ?? 'VDI');
    state.media.push(medium);
    return medium.uuid;
  });
  call.err(progress);
  call.out(`Medium created. UUID: ${uuid}\n`);
}

/** modifymedium: only the size of a disk is ever changed. */
export async function modifyMedium(args: string[], call: Call): Promise<void> {
  const options = readOptions(
    args.filter((word) => word !== 'disk'),
    ['--resize', '--resizebyte', '--type', '--property', '--move'],
  );
  const [name] = options.plain;
  if (name === undefined) throw syntaxError('Medium name or UUID required');
  await call.store.update((state) => {
    const medium = findMedium(state, name);
    const bytes = Number(options.get('--resizebyte') ?? Number(options.get('--resize') ?? '0') * 1024 ** 2);
    if (bytes > 0 && medium.format !== 'VDI' && medium.format !== 'VHD')
      throw plainError('Resize medium operation for this format is not implemented yet!');
    if (bytes > 0 && bytes < medium.capacity) throw plainError('Shrinking is not supported for this medium');
    if (bytes > 0) medium.capacity = bytes;
  });
  call.err(progress);
}

export async function cloneMedium(args: string[], call: Call): Promise<void> {
  const options = readOptions(
    args.filter((word) => word !== 'disk'),
    ['--format', '--variant'],
    ['--existing'],
  );
  const [source, target] = options.plain;
  if (source === undefined || target === undefined)
    throw syntaxError('Mandatory source or target medium parameter missing');
  const uuid = await call.store.update(async (state) => {
    const from = findMedium(state, source);
    const medium = newMedium(
      path.resolve(target),
      from.capacity,
      options.get('--format') ?? from.format,
      from.parent,
    );
    await call.backend.copyDisk(medium, from);
    state.media.push(medium);
    return medium.uuid;
  });
  call.err(progress);
  call.out(`Clone medium created in format '${options.get('--format') ?? 'VMDK'}'. UUID: ${uuid}\n`);
}

export async function closeMedium(args: string[], call: Call): Promise<void> {
  const options = readOptions(
    args.filter((word) => word !== 'disk'),
    [],
    ['--delete'],
  );
  const [name] = options.plain;
  if (name === undefined) throw syntaxError('Medium name or UUID required');
  await call.store.update(async (state) => {
    const medium = findMedium(state, name);
    const user = state.machines.find((machine) => attachments(machine).includes(medium.uuid));
    if (user !== undefined)
      throw comError(
        `Cannot close medium '${medium.file}' because it is still attached to 1 virtual machines`,
        {
          code: 'VBOX_E_OBJECT_IN_USE',
          component: 'MediumWrap, interface IMedium',
        },
      );
    await removeMedium(medium.uuid, state, call);
  });
}

const attachments = (machine: Machine): string[] =>
  machine.controllers.flatMap(({ attached }) => attached.map(({ medium }) => medium));

export function showMediumInfo(args: string[], call: Call): void {
  const name = args.at(-1);
  if (name === undefined) throw syntaxError('Medium name or UUID required');
  const medium = findMedium(call.store.read(), name);
  call.out(
    [
      `UUID:           ${medium.uuid}`,
      `Parent UUID:    ${medium.parent ?? 'base'}`,
      'State:          created',
      'Type:           normal (base)',
      `Location:       ${medium.file}`,
      `Storage format: ${medium.format}`,
      `Capacity:       ${Math.floor(medium.capacity / 1024 ** 2)} MBytes`,
      '',
    ].join('\n'),
  );
}

/** storageattach: a disk at a port, or none. */
export async function storageAttach(args: string[], call: Call): Promise<void> {
  const [vm, ...rest] = args;
  const options = readOptions(rest, [
    '--storagectl',
    '--port',
    '--device',
    '--type',
    '--medium',
    '--comment',
    '--mtype',
    '--nonrotational',
    '--discard',
  ]);
  if (vm === undefined) throw syntaxError('Not enough parameters');
  await call.store.update((state) => {
    const machine = findMachine(state, vm);
    requireUnlocked(
      machine,
      call,
      '"LockMachine(a->session, LockType_Write)" at line 119 of file VBoxManageStorageController.cpp',
    );
    const title = options.get('--storagectl') ?? '';
    const controller = machine.controllers.find(({ name }) => name === title);
    if (controller === undefined) throw plainError(`Could not find a controller named '${title}'`);
    const port = Number(options.get('--port') ?? '0');
    const medium = options.get('--medium');
    controller.attached = controller.attached.filter((entry) => entry.port !== port);
    if (medium !== undefined && medium !== 'none' && medium !== 'emptydrive')
      controller.attached.push({ port, medium: findMedium(state, medium).uuid });
    controller.ports = Math.max(controller.ports, port + 1);
    writeSettings(machine);
  });
}
