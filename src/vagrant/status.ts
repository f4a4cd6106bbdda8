import type { Role } from '../plan/cluster.js';
import { readDelivery } from './delivery.js';
import { selectMachines, vagrantKnows, type LabContext } from './lab.js';
import type { MachineState } from './machineReadable.js';
import { Ssh } from './ssh.js';
import { Vagrant } from './vagrant.js';

export interface MachineStatus {
  name: string;
  role: Role;
  address: string;
  state: MachineState;
  /** The provider's own word, when it was asked. */
  providerState?: string;
  /** Answers on ssh. */
  reachable: boolean;
  /**
   * `yes`: set up with exactly what the lab folder holds; `outdated`: with something else; `no`: never, or not
   * to the end; `unknown`: the machine cannot be asked.
   */
  provisioned: 'yes' | 'outdated' | 'no' | 'unknown';
}

/**
 * What the machines are doing. All are asked by ssh at once, which takes a moment; Vagrant, which takes
 * seconds, is asked only about those that do not answer.
 */
export async function status(
  lab: LabContext,
  options: { nodes?: readonly string[]; signal?: AbortSignal } = {},
): Promise<MachineStatus[]> {
  const machines = selectMachines(lab.cluster, options.nodes);
  const ssh = new Ssh(lab);
  const probes = await Promise.all(
    machines.map(({ name }) =>
      ssh.probe(name, { cachedOnly: true, connectTimeout: 2, signal: options.signal }),
    ),
  );
  const silent = machines.filter(({ name }, index) => probes[index] === undefined && vagrantKnows(lab, name));
  const states =
    silent.length === 0
      ? new Map<string, never>()
      : await new Vagrant(lab).status(
          silent.map(({ name }) => name),
          { signal: options.signal },
        );

  return Promise.all(
    machines.map(async ({ name, role, address }, index): Promise<MachineStatus> => {
      const machine = { name, role, address };
      const provider = states.get(name);
      const running = provider?.state === 'running';
      const probe =
        probes[index] ?? (running ? await ssh.probe(name, { signal: options.signal }) : undefined);
      const providerState = provider === undefined ? {} : { providerState: provider.raw };
      if (probe === undefined) {
        const state = provider?.state ?? (vagrantKnows(lab, name) ? 'unknown' : 'not created');
        const provisioned = state === 'not created' ? 'no' : 'unknown';
        return { ...machine, ...providerState, state, reachable: false, provisioned };
      }
      const wanted = await currentHash(lab, name);
      const has = probe.provisionedHash;
      const provisioned = has === undefined ? 'no' : has === wanted ? 'yes' : 'outdated';
      return { ...machine, ...providerState, state: 'running', reachable: true, provisioned };
    }),
  );
}

/** Nothing when the lab folder is incomplete: then no machine is as planned. */
async function currentHash(lab: LabContext, name: string): Promise<string | undefined> {
  const machine = lab.cluster.machines.find((planned) => planned.name === name);
  if (machine === undefined) return undefined;
  return readDelivery(lab, machine).then(
    ({ hash }) => hash,
    () => undefined,
  );
}
