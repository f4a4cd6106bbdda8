import type { KnownFailure } from './knownFailure.js';

/** What libvirt, and Vagrant’s plugin and virsh about it, say. */
export const libvirtFailures: readonly KnownFailure[] = [
  {
    code: 'VAGRANT_LIBVIRT_PERMISSION',
    pattern:
      /Failed to connect socket to '[^']*': Permission denied|authentication unavailable: no polkit agent/,
    message: 'libvirt does not let this user in.',
  },
  {
    code: 'VAGRANT_LIBVIRT_SERVER',
    pattern:
      /(?:Cannot recv data|End of file while reading data): *((?:ssh: |Host key verification failed|Permission denied)[^:]*)/i,
    message: 'ssh gives no connection to the server with libvirt: $1.',
  },
  {
    code: 'VAGRANT_LIBVIRT_DOWN',
    pattern: /Failed to connect socket to '([^']*)': (?:No such file or directory|Connection refused)/,
    message: 'libvirt does not answer: nothing listens on $1.',
  },
  {
    code: 'VAGRANT_KVM_MISSING',
    pattern:
      /could not find capabilities for domaintype=kvm|could not get preferred machine for \S+ type=kvm|KVM is not supported by '?\S+|Could not access KVM kernel module|KVM acceleration not available|failed to initialize kvm/i,
    message: 'There is no KVM where the machine is to run.',
  },
  {
    code: 'VAGRANT_LIBVIRT_NETWORK',
    pattern: /Network is already in use by interface ([\w.-]+)/,
    message: 'The interface $1 has the range of a network of the lab already.',
  },
  {
    code: 'VAGRANT_LIBVIRT_NETWORK',
    pattern: /error creating bridge interface ([\w.-]+): File exists/i,
    message: 'The bridge $1 of an earlier network is still there.',
  },
  {
    code: 'VAGRANT_LIBVIRT_NETWORK',
    pattern: /((?:bridge name|network) '[^']+' already (?:in use|exists with uuid))/,
    message: 'Another network of libvirt’s is in the way: $1.',
  },
  {
    code: 'VAGRANT_LIBVIRT_NETWORK',
    pattern:
      /(Network \S+ exists but does not have dhcp|Address \S+ does not match with network name [\w-]+)/,
    message: 'libvirt has another network with a range of the lab’s: $1.',
  },
  {
    code: 'VAGRANT_LIBVIRT_NETWORK',
    pattern: /Error (?:occurred )?while (?:creating new|activating) network: (.*?)\.(?: |$)/,
    message: 'A network of the lab could not be made: $1.',
  },
  {
    code: 'VAGRANT_LIBVIRT_POOL',
    pattern:
      /No usable storage pool found|Storage pool not found: no storage pool with matching name '([^']+)'/,
    message: 'libvirt has no such storage pool.',
  },
  {
    code: 'VAGRANT_LIBVIRT_POOL',
    pattern: /There was error while creating libvirt storage pool: (.*?)(?:$|\. )/i,
    message: 'The storage pool could not be made: $1.',
  },
  {
    code: 'VAGRANT_DISK_FULL',
    pattern: /(?:uploading image|storage pool volume).*No space left on device/,
    message: 'The disk that libvirt’s storage pool lies on is full.',
  },
  {
    code: 'VAGRANT_LIBVIRT_IMAGE',
    pattern: /Error while (?:uploading image to storage pool|creating a storage pool volume): (.*?)(?:$|\. )/,
    message: 'The box’s disk could not be copied into the storage pool: $1.',
  },
  {
    code: 'VAGRANT_LIBVIRT_IMAGE',
    pattern: /Volume for box image is missing in storage pools/,
    message: 'The box’s disk is not in the storage pool.',
  },
  {
    code: 'VAGRANT_NAME_TAKEN',
    pattern: /Name `([^`]+)` of domain about to create is already taken/,
    message: 'libvirt has a machine named “$1” that Vagrant knows nothing of.',
  },
  {
    code: 'VAGRANT_NAME_TAKEN',
    pattern: /domain '([^']+)' already exists with uuid/,
    message: 'libvirt has a machine named “$1” that Vagrant knows nothing of.',
  },
  {
    code: 'VAGRANT_NAME_TAKEN',
    pattern: /Volume for domain is already created\. Please run 'vagrant destroy' first/,
    message: 'The disk of an earlier machine of this name is in the way.',
  },
  {
    code: 'VAGRANT_MEMORY',
    pattern: /cannot set up guest memory '[^']*': Cannot allocate memory/,
    message: 'The host that the machine is to run on has not enough memory for it.',
  },
  {
    code: 'VAGRANT_LIBVIRT_FAILED',
    pattern:
      /(?:Error while creating domain:|There was an error talking to Libvirt\. The error message is shown below:|Failed to start domain:) (.*?) *(?:$|\. )/,
    message: 'libvirt refused the machine: $1',
  },
  {
    code: 'VAGRANT_LIBVIRT_FAILED',
    pattern: /Error while connecting to Libvirt: (.*?)(?:$|\. )/,
    message: 'No connection to libvirt: $1',
  },
];
