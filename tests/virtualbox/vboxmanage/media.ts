// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Call } from './call.js';
import { comError } from './errors.js';
import type { Machine, Medium, State } from './state.js';

/** The disk a machine starts from: what hangs at the first port that has any. */
export function diskOf(machine: Machine, state: State): Medium | undefined {
  const uuid = machine.controllers
    .flatMap(({ attached }) => attached)
    .sort((a, b) => a.port - b.port)[0]?.medium;
  return state.media.find((medium) => medium.uuid === uuid);
}

/** Source of the words: VirtualBoxImpl.cpp of VirtualBox. */
export function findMedium(state: State, fileOrUuid: string): Medium {
  const found = state.media.find(
    ({ file, uuid }) => uuid === fileOrUuid || file === path.resolve(fileOrUuid),
  );
  if (found !== undefined) return found;
  throw comError(`Could not find file for the medium '${fileOrUuid}' (VERR_FILE_NOT_FOUND)`, {
    code: 'VBOX_E_FILE_ERROR',
    component: 'MediumWrap, interface IMedium',
    context: `"OpenMedium(Bstr(pszFilenameOrUuid).raw(), enmDevType, enmAccessMode, fForceNewUuidOnOpen, pMedium.asOutParam())" at line 201 of file VBoxManageDisk.cpp`,
  });
}

/** A new disk in a machine's folder, with the differences to a parent. */
export function newMedium(file: string, capacity: number, format: string, parent?: string): Medium {
  const medium: Medium = {
    uuid: randomUUID(),
    file,
    format,
    capacity,
    ...(parent !== undefined && { parent }),
  };
  mkdirSync(path.dirname(file), { recursive: true });
  // The content lies elsewhere: this file is what a person, Vagrant or a test sees of the disk.
  writeFileSync(file, `stand-in disk ${medium.uuid}\n`);
  return medium;
}

/** The machine's disk as it is now, as a disk of its own beside it. */
export async function copyOfDisk(machine: Machine, state: State, call: Call): Promise<Medium | undefined> {
  const disk = diskOf(machine, state);
  if (disk === undefined) return undefined;
  const file = path.join(machine.folder, 'Snapshots', `{${randomUUID()}}.vmdk`);
  const medium = newMedium(file, disk.capacity, disk.format, disk.parent);
  await call.backend.copyDisk(medium, disk);
  state.media.push(medium);
  return medium;
}

export async function removeMedium(uuid: string | undefined, state: State, call: Call): Promise<void> {
  const medium = state.media.find((entry) => entry.uuid === uuid);
  if (medium === undefined) return;
  state.media = state.media.filter((entry) => entry !== medium);
  await call.backend.removeDisk(medium.uuid);
  rmSync(medium.file, { force: true });
}
