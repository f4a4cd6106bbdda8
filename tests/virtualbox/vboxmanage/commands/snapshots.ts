// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import { randomUUID } from 'node:crypto';
import type { Call } from '../call.js';
import { comError, Failure, progress, syntaxError } from '../errors.js';
import { findMachine, isHeld, isLive, machineState, requireUnlocked } from '../machines.js';
import { readOptions } from '../options.js';
import type { Machine, Medium, Snapshot, State } from '../state.js';
import { copyOfDisk, diskOf, removeMedium } from '../media.js';

/** snapshot VM take|delete|restore|restorecurrent|list. Source of formats: VBoxManageSnapshot.cpp of VirtualBox. */
export async function snapshot(args: string[], call: Call): Promise<void> {
  const [name, verb, ...rest] = args;
  if (name === undefined) throw syntaxError('Not enough parameters');
  if (verb === 'list') {
    list(findMachine(call.store.read(), name), rest, call);
    return;
  }
  if (verb === 'take') await take(name, rest, call);
  else if (verb === 'delete') await remove(name, rest, call);
  else if (verb === 'restore' || verb === 'restorecurrent') await restore(name, rest, call);
  else throw syntaxError(`Invalid parameter '${verb ?? ''}'`);
}

async function take(name: string, args: string[], call: Call): Promise<void> {
  const options = readOptions(args, ['--description|-desc', '--uniquename'], ['--live', '--pause']);
  const [title] = options.plain;
  if (title === undefined) throw syntaxError('Missing snapshot name');
  const uuid = randomUUID();
  await call.store.update(async (state) => {
    const machine = findMachine(state, name);
    if (isHeld(machine)) requireUnlocked(machine, call, context('take'));
    const frozen = machineState(machine, call) === 'running';
    if (frozen) await call.backend.freeze(machine);
    let medium: Medium | undefined;
    try {
      medium = await copyOfDisk(machine, state, call);
    } finally {
      if (frozen) await call.backend.thaw(machine);
    }
    machine.snapshots.push({
      uuid,
      name: title,
      description: options.get('--description') ?? '',
      ...(machine.currentSnapshot !== undefined && { parent: machine.currentSnapshot }),
      ...(medium !== undefined && { medium: medium.uuid }),
    });
    machine.currentSnapshot = uuid;
  });
  call.err(progress);
  call.out(`Snapshot taken. UUID: ${uuid}\n`);
}

async function remove(name: string, args: string[], call: Call): Promise<void> {
  await call.store.update(async (state) => {
    const machine = findMachine(state, name);
    if (isHeld(machine)) requireUnlocked(machine, call, context('delete'));
    const found = findSnapshot(machine, args[0] ?? '');
    for (const child of machine.snapshots)
      if (child.parent === found.uuid) {
        if (found.parent === undefined) delete child.parent;
        else child.parent = found.parent;
      }
    machine.snapshots = machine.snapshots.filter((entry) => entry !== found);
    if (machine.currentSnapshot === found.uuid) {
      if (found.parent === undefined) delete machine.currentSnapshot;
      else machine.currentSnapshot = found.parent;
    }
    // A disk that linked clones stand on stays, as VirtualBox keeps it.
    if (!state.media.some(({ parent }) => parent === found.medium))
      await removeMedium(found.medium, state, call);
  });
  call.out(`Deleting snapshot '${args[0] ?? ''}'\n`);
  call.err(progress);
}

async function restore(name: string, args: string[], call: Call): Promise<void> {
  let found: Snapshot | undefined;
  await call.store.update(async (state) => {
    const machine = findMachine(state, name);
    if (isLive(machine, call) || isHeld(machine)) requireUnlocked(machine, call, context('restore'));
    found = findSnapshot(machine, args[0] ?? machine.currentSnapshot ?? '');
    await restoreDisk(machine, found, state, call);
    machine.currentSnapshot = found.uuid;
  });
  call.out(`Restoring snapshot '${found?.name ?? ''}' (${found?.uuid ?? ''})\n`);
  call.err(progress);
}

async function restoreDisk(machine: Machine, from: Snapshot, state: State, call: Call): Promise<void> {
  const disk = diskOf(machine, state);
  if (disk !== undefined && from.medium !== undefined) await call.backend.replaceDisk(disk.uuid, from.medium);
}

/** Source of the words: VirtualBox's MachineImpl.cpp. */
export function findSnapshot(machine: Machine, nameOrUuid: string): Snapshot {
  const found = machine.snapshots.find(({ name, uuid }) => name === nameOrUuid || uuid === nameOrUuid);
  if (found !== undefined) return found;
  const message =
    machine.snapshots.length === 0
      ? 'This machine does not have any snapshots'
      : `Could not find a snapshot named '${nameOrUuid}'`;
  throw comError(message, {
    code: 'VBOX_E_OBJECT_NOT_FOUND',
    component: 'SessionMachine, interface IMachine',
    context:
      '"FindSnapshot(Bstr(pszSnapshot).raw(), snapshot.asOutParam())" at line 620 of file VBoxManageSnapshot.cpp',
  });
}

const context = (verb: string): string =>
  `"LockMachine(a->session, LockType_Shared)" at line 556 of file VBoxManageSnapshot.cpp (${verb})`;

function list(machine: Machine, args: string[], call: Call): void {
  const options = readOptions(args, [], ['--details', '--machinereadable']);
  if (machine.snapshots.length === 0) {
    call.out('This machine does not have any snapshots\n');
    throw new Failure('');
  }
  const lines = options.has('--machinereadable')
    ? snapshotLines(machine)
    : machine.snapshots.map(
        ({ name, uuid }) => `   Name: ${name} (UUID: ${uuid})${uuid === machine.currentSnapshot ? ' *' : ''}`,
      );
  call.out(`${lines.join('\n')}\n`);
}

/** `SnapshotName`, `SnapshotName-1`, `SnapshotName-1-1` …: the tree, as showSnapshots() of VBoxManageSnapshot.cpp prints it. */
export function snapshotLines(machine: Machine): string[] {
  const current: string[] = [];
  const lines = (parent: string | undefined, prefix: string): string[] =>
    machine.snapshots
      .filter((entry) => entry.parent === parent)
      .flatMap((entry, index) => {
        const place = parent === undefined ? '' : `${prefix}-${index + 1}`;
        if (entry.uuid === machine.currentSnapshot)
          current.push(
            `CurrentSnapshotName="${entry.name}"`,
            `CurrentSnapshotUUID="${entry.uuid}"`,
            `CurrentSnapshotNode="SnapshotName${place}"`,
          );
        return [
          `SnapshotName${place}="${entry.name}"`,
          `SnapshotUUID${place}="${entry.uuid}"`,
          ...(entry.description === '' ? [] : [`SnapshotDescription${place}="${entry.description}"`]),
          ...lines(entry.uuid, place),
        ];
      });
  return [...lines(undefined, ''), ...current];
}
