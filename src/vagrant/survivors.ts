import type { Machine } from '../plan/cluster.js';
import { hypervisorName } from '../render/hypervisorName.js';
import { logFile, type LabContext } from './lab.js';
import { run } from './runner.js';

/** How a provider is asked for a machine it has, and told to remove it. */
const removers: Record<string, (name: string) => { exists: string[]; remove: string[][] }> = {
  lxc: (name) => ({
    exists: asRoot(['lxc-info', '--name', name, '--state']),
    remove: [asRoot(['lxc-destroy', '--force', '--name', name])],
  }),
  virtualbox: (name) => ({
    exists: ['VBoxManage', 'showvminfo', name, '--machinereadable'],
    remove: [
      ['VBoxManage', 'controlvm', name, 'poweroff'],
      ['VBoxManage', 'unregistervm', name, '--delete'],
    ],
  }),
};

/**
 * Removes a machine that exists under its planned name although Vagrant does not know it: what a killed run
 * leaves behind, in whose place no new machine can be made. Gives whether there was one, and it is gone.
 */
export async function removeSurvivor(lab: LabContext, machine: Machine): Promise<boolean> {
  const remover = removers[lab.cluster.provider]?.(hypervisorName(lab.cluster, machine));
  if (remover === undefined || !(await succeeds(lab, remover.exists))) return false;
  for (const command of remover.remove) await succeeds(lab, command);
  return !(await succeeds(lab, remover.exists));
}

async function succeeds(lab: LabContext, [program = '', ...args]: string[]): Promise<boolean> {
  const options = {
    ...(lab.env === undefined ? {} : { env: lab.env }),
    logFile: logFile(lab, 'host'),
    timeout: 120,
  };
  const result = await run(program, args, options).catch(() => undefined);
  return result?.exitCode === 0;
}

/** The command with what makes it run as root; `sudo -n` fails rather than asks. */
export function asRoot(command: readonly string[]): string[] {
  return process.getuid?.() === 0 ? [...command] : ['sudo', '-n', ...command];
}
