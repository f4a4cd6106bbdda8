import { describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const script = path.join(root, 'tests/system/scripts/dnf-machine.sh');

/** Programs this test cannot do without, and the Debian packages they come from. */
const needed = {
  dnf: 'dnf',
  rpmbuild: 'rpm',
  createrepo_c: 'createrepo-c',
  gpg: 'gnupg',
  unshare: 'util-linux',
};

function missingPackages(): string[] {
  return Object.entries(needed)
    .filter(([program]) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)
    .map(([, name]) => name);
}

describe('the dnf forms of the provisioning scripts, with the real dnf and a signed repository', () => {
  test('keys, versions, repeated runs, upgrades and forged packages', () => {
    const missing = missingPackages();
    if (missing.length > 0) {
      throw new Error(`Missing programs. Install them: sudo apt-get install ${missing.join(' ')}`);
    }
    const sudo = process.getuid?.() === 0 ? [] : ['sudo', '--non-interactive'];
    const words = [...sudo, 'unshare', '--mount', 'bash', script, root];
    const said = execFileSync('env', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    expect(said.split('\n').filter((line) => line.startsWith('ok: '))).toEqual([
      'ok: a key with another fingerprint is refused, with both fingerprints',
      'ok: the repository is added with its key',
      'ok: a package that another one provides counts as installed',
      'ok: exactly the version of the lab is installed, although there is a newer one',
      'ok: the second run changes nothing',
      'ok: dnf upgrade leaves the kubelet alone',
      'ok: a package without signature is refused',
      'ok: a member of a cluster of another version is left alone',
    ]);
  }, 120_000);
});
