import { selectMachines } from '../vagrant/lab.js';
import { Ssh } from '../vagrant/ssh.js';
import { openLab } from './openLab.js';

interface SshArguments {
  dir?: string | undefined;
  node: string;
  /** What came after `--`. */
  '--'?: unknown;
}

/** Opens a shell on a machine or runs a command there; gives its exit status. */
export async function ssh(argv: SshArguments): Promise<number> {
  const lab = await openLab(argv.dir);
  selectMachines(lab.cluster, [argv.node]);
  return new Ssh(lab).interactive(argv.node, foreignArguments(argv));
}

/** The words that yargs collected behind `--`. */
export function foreignArguments(argv: { '--'?: unknown }): string[] {
  return Array.isArray(argv['--']) ? argv['--'].map(String) : [];
}
