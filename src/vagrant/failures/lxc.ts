import type { KnownFailure } from './knownFailure.js';

/** What lxc, and Vagrant’s plugin for it, says. */
export const lxcFailures: readonly KnownFailure[] = [
  {
    code: 'VAGRANT_NAME_TAKEN',
    pattern:
      /There is container on your system with the same name you've specified on your Vagrantfile \(([^)]+)\)/,
    message: 'lxc has a container named “$1” that Vagrant knows nothing of.',
  },
  {
    code: 'VAGRANT_LXC_MISSING',
    pattern: /`lxc` package does not seem to be installed|`redir` is not installed/,
    message: 'The programs of lxc were not found.',
  },
  {
    code: 'VAGRANT_LXC_NETWORK',
    pattern: /k8slab: (this host already has an address of [^;]*|no NAT for [^:]*)/,
    message: 'The machine’s network could not be made: $1.',
  },
  {
    code: 'VAGRANT_LXC_NETWORK',
    pattern: /failed to attach '[^']*' to (?:the )?bridge '([^']+)'/i,
    message: 'The machine’s adapter could not be plugged into the bridge $1.',
  },
  {
    code: 'VAGRANT_LXC_FAILED',
    pattern: /There was an error executing (\[[^\]]*\]|\S+)/,
    message: 'A program of lxc failed: $1',
  },
];
