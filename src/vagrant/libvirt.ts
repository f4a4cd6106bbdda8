import { K8slabError } from '../errors/error.js';
import type { Cluster } from '../plan/cluster.js';
import { explainFailure } from './explainFailure.js';
import { run } from './runner.js';

/** Seconds that virsh may take to answer, also through ssh. */
const defaultPatience = 30;

type Environment = Record<string, string | undefined>;

/** Where a lab's libvirt is. */
export function libvirtUri({ providerOptions = {} }: Pick<Cluster, 'providerOptions'>): string {
  const { uri = '' } = providerOptions;
  return uri === '' ? 'qemu:///system' : String(uri);
}

/**
 * Asks libvirt what can be known before a machine starts: whether it answers, and whether it has KVM where the lab wants it. Gives
 * what runs there, such as `QEMU 7.2.22`. Throws VAGRANT_LIBVIRT_DOWN, VAGRANT_LIBVIRT_PERMISSION, VAGRANT_LIBVIRT_SERVER,
 * VAGRANT_KVM_MISSING and the like. Changes nothing.
 *
 * @param patience seconds that each answer may take
 */
export async function askLibvirt(
  cluster: Pick<Cluster, 'providerOptions'>,
  env: Environment = {},
  patience = defaultPatience,
): Promise<string> {
  const uri = libvirtUri(cluster);
  const said = await ask(uri, ['version'], env, patience);
  if (cluster.providerOptions?.driver === 'kvm')
    await ask(uri, ['domcapabilities', '--virttype', 'kvm'], env, patience);
  return /^Running hypervisor: (.+)$/m.exec(said)?.[1]?.trim() ?? 'libvirt';
}

async function ask(uri: string, words: string[], env: Environment, timeout: number): Promise<string> {
  const title = `virsh --connect ${uri} ${words.join(' ')}`;
  const options = { env: { LC_ALL: 'C', ...env }, timeout, patience: { interrupt: 1000, terminate: 1000 } };
  const answer = await run('virsh', ['--connect', uri, ...words], options).catch((error: unknown) => {
    if (!(error instanceof K8slabError) || error.code !== 'VAGRANT_TIMEOUT') throw error;
    const message = `\`${title}\` did not answer within ${timeout} s.`;
    throw new K8slabError('VAGRANT_LIBVIRT_DOWN', message, { raw: error.raw ?? '', cause: error });
  });
  const { exitCode, stdout, stderr } = answer;
  if (exitCode === 0) return stdout;
  throw explainFailure(`${stdout}\n${stderr}`, { words: `\`${title}\` failed with exit status ${exitCode}` });
}
