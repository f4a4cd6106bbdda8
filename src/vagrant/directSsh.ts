import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from '../plan/cluster.js';
import type { LabContext } from './lab.js';
import type { SshHost } from './sshConfigFile.js';

/** Vagrant's keys that every box starts with: those of 2.4, and that of 2.3. */
const keys = [
  'insecure_private_keys/vagrant.key.ed25519',
  'insecure_private_keys/vagrant.key.rsa',
  'insecure_private_key',
];

/**
 * How ssh reaches a machine whose provider keeps ssh on the planned address and leaves the box's key in place, without
 * asking Vagrant, which takes seconds. Undefined when Vagrant has not laid its keys down. Whoever uses it must see for himself that
 * the right machine answers, and ask Vagrant otherwise: a box of one's own may have another key.
 */
export function directHost(lab: LabContext, machine: Machine): SshHost | undefined {
  const home = lab.env?.VAGRANT_HOME ?? process.env.VAGRANT_HOME ?? join(homedir(), '.vagrant.d');
  const identityFiles = keys.map((key) => join(home, ...key.split('/'))).filter((file) => existsSync(file));
  if (identityFiles.length === 0) return undefined;
  return {
    name: machine.name,
    hostName: machine.address,
    port: 22,
    user: lab.cluster.box.user,
    identityFiles,
  };
}
