import { mkdir } from 'node:fs/promises';
import { z } from 'zod';
import { readState, writeState, type StateDocument } from '../write/stateStore.js';
import { statePath, type LabContext } from './lab.js';

/** What we remember of a machine, for messages and quick answers; the machine itself has the last word. */
const machineRecord = z.strictObject({
  created: z.boolean(),
  /** Hash of what it was last provisioned with successfully. */
  provisionedHash: z.string().optional(),
  /** ISO 8601. */
  provisionedAt: z.string().optional(),
  /** Of the machine that was provisioned: another id means that the machine was made anew. */
  machineId: z.string().optional(),
  /** The last attempt, when it failed. */
  failure: z.strictObject({ code: z.string(), step: z.string().optional(), at: z.string() }).optional(),
});
export type MachineRecord = z.infer<typeof machineRecord>;

const machinesDocument: StateDocument<Record<string, MachineRecord>> = {
  name: 'state.json',
  schema: z.record(z.string(), machineRecord),
  mode: 0o600,
};

/** Where records live; a file in a lab, memory in tests. */
export interface StateStore {
  read(): Promise<Record<string, MachineRecord>>;
  /** Replaces a machine's record; `undefined` forgets the machine. One change at a time. */
  update(machine: string, change: (record: MachineRecord) => MachineRecord | undefined): Promise<void>;
}

/** `.k8slab/state.json`. A damaged file is an error of reading, RENDER_STATE. */
export function fileStateStore(lab: LabContext): StateStore {
  const folder = statePath(lab);
  let queue: Promise<void> = Promise.resolve();
  const read = async (): Promise<Record<string, MachineRecord>> =>
    (await readState(folder, machinesDocument)) ?? {};
  return {
    read,
    update: (machine, change) => {
      const task = queue.then(async () => {
        const { [machine]: record, ...others } = await read();
        const changed = change(record ?? { created: false });
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeState(
          folder,
          machinesDocument,
          changed === undefined ? others : { ...others, [machine]: changed },
        );
      });
      queue = task.catch(() => undefined);
      return task;
    },
  };
}
