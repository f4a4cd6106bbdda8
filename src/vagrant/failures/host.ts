import type { KnownFailure } from './knownFailure.js';

/** What is short on this host, whatever the provider. */
export const hostFailures: readonly KnownFailure[] = [
  {
    code: 'VAGRANT_PORT_TAKEN',
    pattern: /cannot forward the specified ports on this VM.*?The forwarded port to (\d+) is already in use/,
    message: 'Port $1 of this host is in use.',
  },
  {
    code: 'VAGRANT_BOOT_TIMEOUT',
    pattern: /Timed out while waiting for the machine to boot/,
    message: 'The machine did not come up within the time Vagrant waits for it.',
  },
  {
    code: 'VAGRANT_DISK_FULL',
    pattern: /VERR_DISK_FULL|No space left on device/,
    message: 'The disk of this host is full.',
  },
  {
    code: 'VAGRANT_MEMORY',
    pattern:
      /VERR_NO_LOW_MEMORY|VERR_NO_MEMORY|not enough free memory|Invalid RAM size|Cannot allocate memory/i,
    message: 'This host has not enough memory for the machine.',
  },
  {
    code: 'VAGRANT_NO_NETWORK',
    pattern: /Could not resolve host: (\S+)/,
    message: 'The name $1 could not be resolved.',
  },
  {
    code: 'VAGRANT_NO_NETWORK',
    pattern: /Failed to connect to (\S+) port \d+/,
    message: 'No connection to $1.',
  },
  {
    code: 'VAGRANT_SUDO',
    pattern: /sudo: (?:a terminal is required to read the password|a password is required|no tty present)/,
    message: 'Root is needed, and sudo asks for a password.',
  },
];
