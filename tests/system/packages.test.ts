import { describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const common = [
  'a key with another fingerprint is refused, with both fingerprints',
  'the repository is added with its key',
];
const exact = 'exactly the version of the lab is installed, although there is a newer one';
const twice = 'the second run changes nothing';
const crio = 'CRI-O is the newest of the lab’s minor, and stays there';

/** `needed`: programs the scripts cannot do without, and the Debian packages they come from. */
const families = [
  {
    family: 'apt',
    needed: {
      'apt-ftparchive': 'apt-utils',
      'dpkg-deb': 'dpkg',
      gpg: 'gnupg',
      curl: 'curl',
      unshare: 'util-linux',
    },
    facts: [
      ...common,
      exact,
      'the lists of their own repository are all that is read',
      twice,
      'apt-get upgrade leaves the kubelet alone',
      crio,
      'old package lists are read anew',
      'a package that no signature covers is refused',
      'a member of a cluster of another version is left alone',
    ],
  },
  {
    family: 'dnf',
    needed: {
      dnf: 'dnf',
      rpmbuild: 'rpm',
      createrepo_c: 'createrepo-c',
      gpg: 'gnupg',
      curl: 'curl',
      unshare: 'util-linux',
    },
    facts: [
      ...common,
      'a package that another one provides counts as installed',
      exact,
      twice,
      'dnf upgrade leaves the kubelet alone',
      crio,
      'a package without signature is refused',
      'a member of a cluster of another version is left alone',
    ],
  },
];

describe('the package steps with the real package manager and a signed repository, in a throw-away root', () => {
  test.each(families)(
    '$family',
    ({ family, needed, facts }) => {
      const missing = Object.entries(needed).filter(
        ([program]) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0,
      );
      if (missing.length > 0) {
        const packages = missing.map(([, name]) => name).join(' ');
        throw new Error(`Missing programs. Install them: sudo apt-get install ${packages}`);
      }
      const script = path.join(root, `tests/system/scripts/${family}-machine.sh`);
      const sudo = process.getuid?.() === 0 ? [] : ['sudo', '--non-interactive'];
      const said = execFileSync('env', [...sudo, 'unshare', '--mount', 'bash', script, root], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      expect(said.split('\n').filter((line) => line.startsWith('ok: '))).toEqual(
        facts.map((fact) => `ok: ${fact}`),
      );
    },
    120_000,
  );
});
