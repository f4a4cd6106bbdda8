import type { Cluster, Machine } from '../plan/cluster.js';
import { hypervisorName, thirdOctet } from '../render/hypervisorName.js';
import { logFile, type LabContext } from './lab.js';
import { libvirtUri } from './libvirt.js';
import { run } from './runner.js';
import { readHostOnly } from './virtualBox.js';

/** How a provider is asked for a machine it has, and told to remove it. */
interface Remover {
  /** One that succeeds means that it is there. */
  exists: string[][];
  remove: string[][];
}

const removers: Record<string, (name: string, cluster: Cluster) => Remover> = {
  // Its disk may be there without it.
  libvirt: (name, cluster) => {
    const pool = String(cluster.providerOptions?.pool ?? 'default');
    const virsh = (...words: string[]): string[] => ['virsh', '--connect', libvirtUri(cluster), ...words];
    const disk = [`${name}.img`, '--pool', pool];
    return {
      exists: [virsh('dominfo', name), virsh('vol-info', ...disk)],
      remove: [virsh('destroy', name), virsh('undefine', name, '--nvram'), virsh('vol-delete', ...disk)],
    };
  },
  lxc: (name) => ({
    exists: [asRoot(['lxc-info', '--name', name, '--state'])],
    remove: [asRoot(['lxc-destroy', '--force', '--name', name])],
  }),
  virtualbox: (name) => ({
    exists: [['VBoxManage', 'showvminfo', name, '--machinereadable']],
    remove: [
      ['VBoxManage', 'controlvm', name, 'poweroff'],
      ['VBoxManage', 'unregistervm', name, '--delete'],
    ],
  }),
};

/** What a machine is called on its hypervisor, as its provider's machine.rb names it. */
export function providerName(cluster: Cluster, machine: Machine): string {
  return cluster.provider === 'libvirt'
    ? `${cluster.name}-${thirdOctet(cluster)}-${machine.name}`
    : hypervisorName(cluster, machine);
}

/** Commands, in words, that remove a machine of this name from the lab's hypervisor; none where nothing is known of it. */
export function removalOf(cluster: Cluster, name: string): string[][] {
  return removers[cluster.provider]?.(name, cluster).remove ?? [];
}

/**
 * Removes a machine that exists under its planned name although Vagrant does not know it: what a killed run
 * leaves behind, in whose place no new machine can be made. Gives whether there was one, and it is gone.
 * Throws VAGRANT_VBOX_HANGS: then nobody knows.
 */
export async function removeSurvivor(lab: LabContext, machine: Machine): Promise<boolean> {
  const remover = removers[lab.cluster.provider]?.(providerName(lab.cluster, machine), lab.cluster);
  if (lab.cluster.provider === 'virtualbox') await readHostOnly(lab);
  if (remover === undefined || !(await anySucceeds(lab, remover.exists))) return false;
  for (const command of remover.remove) await succeeds(lab, command);
  return !(await anySucceeds(lab, remover.exists));
}

async function anySucceeds(lab: LabContext, commands: readonly string[][]): Promise<boolean> {
  for (const command of commands) if (await succeeds(lab, command)) return true;
  return false;
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
