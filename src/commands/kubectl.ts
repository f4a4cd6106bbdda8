import { K8slabError } from '../errors/error.js';
import { runInteractive } from '../vagrant/runner.js';
import { Ssh } from '../vagrant/ssh.js';
import { which } from '../vagrant/which.js';
import { labPaths } from '../write/labFolder.js';
import { openLab, requireMachines } from './openLab.js';
import { foreignArguments } from './ssh.js';

/**
 * Runs kubectl against the lab: this host's own when there is one, otherwise the one of the first control plane.
 * Gives its exit status. Throws LAB_NO_KUBERNETES for a lab without a cluster.
 */
export async function kubectl(argv: { dir?: string | undefined; '--'?: unknown }): Promise<number> {
  const lab = await openLab(argv.dir);
  const controlPlane = lab.cluster.machines.find(({ role }) => role === 'control-plane');
  if (lab.cluster.kubernetes === undefined || controlPlane === undefined) {
    throw new K8slabError('LAB_NO_KUBERNETES', `The lab ${lab.cluster.name} has no Kubernetes.`);
  }
  requireMachines(lab);
  const words = foreignArguments(argv);
  if (which('kubectl') !== undefined) {
    return runInteractive('kubectl', words, { env: { KUBECONFIG: labPaths(lab.folder).kubeconfig } });
  }
  const remote = ['sudo', 'kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf', ...words];
  return new Ssh(lab).interactive(controlPlane.name, remote);
}
