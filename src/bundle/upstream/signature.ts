import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { K8slabError } from '../../errors/error.js';
import { run } from '../../vagrant/runner.js';

/** A document and its signature; without one it is clear-signed, as InRelease is. */
export interface SignedDocument {
  name: string;
  document: Buffer;
  signature?: Buffer;
}

/** Whether gpg can be asked. */
export async function hasGpg(): Promise<boolean> {
  return run('gpg', ['--version']).then(
    ({ exitCode }) => exitCode === 0,
    () => false,
  );
}

/**
 * Checks that the key is the one with this fingerprint, and alone, as the machines check it, and that it signed the documents.
 * Throws BUNDLE_UPSTREAM_SIGNATURE.
 */
export async function checkSignatures(
  repository: string,
  key: Buffer,
  fingerprint: string,
  documents: readonly SignedDocument[],
  signal: AbortSignal,
): Promise<void> {
  // A short path: gpg's sockets lie in it.
  const home = await mkdtemp(path.join(os.tmpdir(), 'k8slab-gpg-'));
  const gpg = async (...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> =>
    run('gpg', ['--homedir', home, '--batch', '--no-tty', '--status-fd', '1', ...args], {
      title: 'gpg',
      signal,
      timeout: 60,
      env: { LC_ALL: 'C.UTF-8' },
    });
  const write = async (name: string, content: Buffer): Promise<string> => {
    await writeFile(path.join(home, name), content, { mode: 0o600 });
    return path.join(home, name);
  };
  try {
    const keyFile = await write('key', key);
    const shown = await gpg('--with-colons', '--show-keys', keyFile);
    const found = primaryFingerprints(shown.stdout);
    if (found.length !== 1 || found[0] !== fingerprint) {
      throw wrong(`The key of ${repository} is not the pinned one.`, [
        `expected ${fingerprint}`,
        `received ${found.join(', ') || 'no key'}`,
      ]);
    }
    await gpg('--quiet', '--import', keyFile);
    for (const { name, document, signature } of documents) {
      const files = [await write('document', document)];
      if (signature !== undefined) files.unshift(await write('signature', signature));
      const { exitCode, stdout, stderr } = await gpg('--verify', ...files);
      requireGoodSignature(`${name} of ${repository}`, exitCode, stdout, stderr, fingerprint);
    }
  } finally {
    await run('gpgconf', ['--homedir', home, '--kill', 'all']).catch(() => undefined);
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Status lines are described in gnupg's doc/DETAILS. */
function requireGoodSignature(
  what: string,
  exitCode: number,
  status: string,
  stderr: string,
  fingerprint: string,
): void {
  if (/^\[GNUPG:\] EXPKEYSIG /m.test(status)) {
    throw wrong(`The key that signed ${what} has expired.`, [stderr]);
  }
  // The last field is the fingerprint of the primary key; the first one may be that of a subkey.
  const valid = [...status.matchAll(/^\[GNUPG:\] VALIDSIG (?:\S+ ){9}([0-9A-F]{40})\s*$/gm)].map(
    (match) => match[1],
  );
  const good = /^\[GNUPG:\] GOODSIG /m.test(status);
  if (exitCode !== 0 || !good || valid.length !== 1 || valid[0] !== fingerprint) {
    throw wrong(`${what} is not signed by ${fingerprint}.`, [stderr]);
  }
}

function primaryFingerprints(colons: string): string[] {
  const lines = colons.split('\n').map((line) => line.split(':'));
  return lines.flatMap((fields, index) => {
    const isPrimary =
      fields[0] === 'fpr' &&
      lines.slice(0, index).findLast(([kind]) => kind === 'pub' || kind === 'sub')?.[0] === 'pub';
    return isPrimary ? [fields[9] ?? ''] : [];
  });
}

function wrong(message: string, raw: string[]): K8slabError {
  return new K8slabError('BUNDLE_UPSTREAM_SIGNATURE', message, { raw: raw.join('\n') });
}
