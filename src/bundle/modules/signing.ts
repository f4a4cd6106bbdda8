import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { K8slabError } from '../../errors/error.js';
import { run } from '../../vagrant/runner.js';
import type { BuildContext } from './context.js';

/**
 * Signs `Release` in a repository's folder: InRelease, Release.gpg, and the public key as Release.key. The key is of this host and
 * lies in the cache, readable by its owner only, so that labs that know its fingerprint also take the next bundle.
 * Gives the fingerprint. Throws BUNDLE_PACKAGE.
 */
export async function signRelease(context: BuildContext, folder: string): Promise<string> {
  const key = await context.cache.entry('signing', 'key', { form: 1 }, (target) => makeKey(context, target));
  await chmod(key.folder, 0o700);
  return withGpg(context, async (gpg) => {
    await gpg(['--import', path.join(key.folder, 'secret.asc')]);
    const release = path.join(folder, 'Release');
    const sign = ['--armor', '--digest-algo', 'SHA512'];
    await gpg([...sign, '--clear-sign', '--output', path.join(folder, 'InRelease'), release]);
    await gpg([...sign, '--detach-sign', '--output', `${release}.gpg`, release]);
    await gpg(['--armor', '--export', '--output', path.join(folder, 'Release.key')]);
    return fingerprintIn(await gpg(['--with-colons', '--list-keys']));
  });
}

/** The fingerprint of the first primary key in gpg's listing with colons. */
export function fingerprintIn(listing: string): string {
  const lines = listing.split('\n').map((line) => line.split(':'));
  const first = lines.findIndex(([kind]) => kind === 'pub');
  const fingerprint = lines.slice(first + 1).find(([kind]) => kind === 'fpr')?.[9];
  if (first < 0 || fingerprint === undefined) {
    throw new K8slabError('BUNDLE_PACKAGE', 'gpg has made no key.', { raw: listing });
  }
  return fingerprint;
}

async function makeKey(context: BuildContext, target: string): Promise<void> {
  await chmod(target, 0o700);
  await withGpg(context, async (gpg) => {
    const parameters = [
      '%no-protection',
      'Key-Type: EDDSA',
      'Key-Curve: ed25519',
      'Key-Usage: sign',
      'Name-Real: k8slab bundle',
      'Expire-Date: 0',
      '%commit',
    ];
    await gpg(['--generate-key'], `${parameters.join('\n')}\n`);
    const secret = await gpg(['--armor', '--export-secret-keys']);
    await writeFile(path.join(target, 'secret.asc'), secret, { mode: 0o600 });
  });
}

/** gpg with a home of its own, whose agent is gone afterwards. The path is short: sockets' names must be. */
async function withGpg<T>(
  context: BuildContext,
  work: (gpg: (args: readonly string[], input?: string) => Promise<string>) => Promise<T>,
): Promise<T> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'k8slab-gpg-'));
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    return await work(async (args, input) => {
      const result = await run('gpg', ['--homedir', home, '--batch', '--quiet', '--yes', ...args], {
        title: `gpg ${args.find((arg) => arg.startsWith('--')) ?? ''}`,
        ...(input === undefined ? {} : { input }),
        ...(context.signal === undefined ? {} : { signal: context.signal }),
      });
      if (result.exitCode !== 0) {
        throw new K8slabError('BUNDLE_PACKAGE', 'gpg could not sign the package repository.', {
          raw: result.stderr,
        });
      }
      return result.stdout;
    });
  } finally {
    await run('gpgconf', ['--homedir', home, '--kill', 'all']).catch(() => undefined);
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  }
}
