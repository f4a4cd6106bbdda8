import { K8slabError } from '../errors/error.js';
import { explainFailure } from './explainFailure.js';
import type { LabContext } from './lab.js';
import { run } from './runner.js';

/** Seconds that VBoxManage may take to answer a question; it needs less than one. */
const defaultPatience = 20;

type Environment = Record<string, string | undefined>;

/** Vagrant knows VirtualBox up to this version, by Vagrant's own: the newest first. */
const known: readonly [vagrant: string, virtualBox: string][] = [
  ['2.4.9', '7.2'],
  ['2.4.2', '7.1'],
  ['2.3.2', '7.0'],
  ['2.2.7', '6.1'],
];

/**
 * Asks VirtualBox what can be known before a machine starts: whether it answers, its driver is loaded, Vagrant knows its version,
 * the processor can be used. Gives the version. Throws VAGRANT_VBOX_MODULE, VAGRANT_VBOX_TOO_NEW, VAGRANT_VIRTUALIZATION_OFF,
 * VAGRANT_HOST_ONLY_ADAPTER, VAGRANT_VBOX_HANGS and the like. Changes nothing.
 *
 * Source of versions: https://github.com/hashicorp/vagrant/blob/main/CHANGELOG.md
 *
 * @param vagrant Vagrant's version
 * @param patience seconds that each answer may take
 */
export async function askVirtualBox(
  vagrant: string,
  env: Environment = {},
  patience = defaultPatience,
): Promise<string> {
  const said = await ask(['--version'], env, patience);
  const version = /^(\d+\.\d+\.\d+)/m.exec(said)?.[1];
  if (version === undefined)
    throw new K8slabError('VAGRANT_PROVIDER_MISSING', 'VBoxManage does not say its version.', { raw: said });
  const newest = known.find(([since]) => isAtLeast(vagrant, since))?.[1];
  if (newest !== undefined && !isAtLeast(newest, minor(version)))
    throw new K8slabError(
      'VAGRANT_VBOX_TOO_NEW',
      `Vagrant ${vagrant} works with VirtualBox up to ${newest}; installed is ${version}.`,
    );
  await ask(serverQuestion, env, patience);
  const host = await ask(['list', 'hostinfo'], env, patience);
  if (process.platform === 'linux' && noVirtualization.test(host))
    throw new K8slabError(
      'VAGRANT_VIRTUALIZATION_OFF',
      'VirtualBox says that this processor’s virtualisation cannot be used.',
      { raw: noVirtualization.exec(host)?.[0] ?? '' },
    );
  return version;
}

/** Its `no` is sure, its `yes` is not; beside Hyper-V it works all the same. Source: https://github.com/BOINC/boinc/pull/2243 */
const noVirtualization = /^Processor supports HW virtualization:\s+no\s*$/m;

/** Answered by VBoxSVC, the server behind every program of VirtualBox; `--version` is not. */
const serverQuestion = ['list', 'hostonlyifs'];

/**
 * VirtualBox's list of host-only interfaces; nothing when it cannot be had, which Vagrant will tell. Whether VBoxManage
 * answers at all shows here: when it hangs, so does Vagrant, without a word. Throws VAGRANT_VBOX_HANGS.
 */
export async function readHostOnly({
  env = {},
  answerTime = defaultPatience,
}: Pick<LabContext, 'env' | 'answerTime'>): Promise<string | undefined> {
  return ask(serverQuestion, env, answerTime).catch((error: unknown) => {
    if (!(error instanceof K8slabError) || error.code === 'VAGRANT_VBOX_HANGS') throw error;
    return undefined;
  });
}

async function ask(args: readonly string[], env: Environment, timeout: number): Promise<string> {
  const title = `VBoxManage ${args.join(' ')}`;
  const answer = run('VBoxManage', args, { env, timeout, patience: { interrupt: 1000, terminate: 1000 } });
  const { exitCode, stdout, stderr } = await answer.catch((error: unknown) => {
    if (!(error instanceof K8slabError) || error.code !== 'VAGRANT_TIMEOUT') throw error;
    const message = `\`${title}\` did not answer within ${timeout} s.`;
    throw new K8slabError('VAGRANT_VBOX_HANGS', message, { raw: error.raw ?? '', cause: error });
  });
  const words = `\`${title}\` failed with exit status ${exitCode}`;
  const output = `${stdout}\n${stderr}`;
  // Without its driver it warns, and ends well nevertheless.
  const failed = exitCode !== 0 || /kernel module is not loaded|\/dev\/vboxdrv does not exist/.test(output);
  if (failed) throw explainFailure(output, { words });
  return stdout;
}

const minor = (version: string): string => version.split('.').slice(0, 2).join('.');

function isAtLeast(version: string, wanted: string): boolean {
  const [have, need] = [version, wanted].map((text) => text.split('.').map((part) => parseInt(part, 10)));
  for (const [index, number] of (need ?? []).entries()) {
    const own = have?.[index] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}
