import type { KnownFailure } from './knownFailure.js';

/** What Vagrant itself says, and ssh. */
export const vagrantFailures: readonly KnownFailure[] = [
  {
    code: 'VAGRANT_LOCKED',
    pattern:
      /another process is already executing an action on the machine|requested machine because it is locked/,
    message: 'Another Vagrant process works on this machine.',
  },
  {
    code: 'VAGRANT_LOCKED',
    pattern: /attempted to acquire a lock named '([^']+)'/,
    message: 'Another Vagrant process holds the lock “$1”.',
  },
  {
    code: 'VAGRANT_PROVIDER_MISSING',
    pattern:
      /Vagrant could not detect VirtualBox|The "VBoxManage" command or one of its dependencies could not be found/,
    message: 'VirtualBox is not installed, or not on the PATH.',
  },
  {
    code: 'VAGRANT_PROVIDER_MISSING',
    pattern: /The provider '([^']+)' could not be found, but was requested/,
    message: 'Vagrant has no provider “$1”: its plugin is not installed.',
  },
  {
    code: 'VAGRANT_PROVIDER_MISSING',
    pattern: /No usable default provider could be found|is reporting that it isn't usable on this system/,
    message: 'Vagrant found no provider it can use.',
  },
  {
    code: 'VAGRANT_PROVIDER_MISSING',
    pattern: /missing plugins required by the currently loaded Vagrantfile/,
    message: 'A plugin of Vagrant is missing.',
  },
  {
    code: 'VAGRANT_OTHER_USER',
    pattern: /VM was created with a user that doesn't match the current user/,
    message: 'The machines were created by another user.',
  },
  {
    code: 'VAGRANT_INACCESSIBLE',
    pattern: /Your VM has become "inaccessible\."/,
    message: 'VirtualBox cannot read the machine any more.',
  },
  {
    code: 'VAGRANT_VAGRANTFILE',
    pattern:
      /There are errors in the configuration of this machine|There is a syntax error in the following Vagrantfile|There was an error loading a Vagrantfile/,
    message: 'Vagrant does not accept the Vagrantfile.',
  },
  {
    code: 'VAGRANT_NOT_RUNNING',
    pattern: /is reporting that it is not yet ready for SSH|VM must be (?:running|created)/,
    message: 'The machine does not run.',
  },
  {
    code: 'VAGRANT_SSH_KEY',
    pattern:
      /Permission denied \((?:publickey|gssapi)|Load key ".*": bad permissions|SSH authentication failed!/,
    message: 'The machine refuses the ssh key.',
  },
];
