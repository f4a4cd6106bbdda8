import type { ErrorCode } from '../errors/catalogue/index.js';

/** A failure text seen in the wild. Texts are matched with line ends and runs of blanks made one blank. */
export interface KnownFailure {
  code: ErrorCode;
  pattern: RegExp;
  /** Our sentence; `$1` is the pattern's first group. */
  message: string;
}

/**
 * Known failures of Vagrant, VirtualBox, lxc and ssh; the first that matches wins, so causes stand before the
 * frames they come in. Vagrant breaks its sentences at different places from version to version.
 */
export const knownFailures: readonly KnownFailure[] = [
  {
    code: 'VAGRANT_HYPERV_IN_USE',
    pattern: /VERR_NEM_VM_CREATE_FAILED|Hyper-V and VirtualBox cannot be used together/,
    message: 'VirtualBox cannot start machines beside Hyper-V.',
  },
  {
    code: 'VAGRANT_KVM_IN_USE',
    pattern: /VERR_VMX_IN_VMX_ROOT_MODE|VERR_SVM_IN_USE/,
    message: 'VirtualBox cannot start machines while the KVM kernel module is loaded.',
  },
  {
    code: 'VAGRANT_VIRTUALIZATION_OFF',
    pattern:
      /VERR_VMX_NO_VMX|VERR_VMX_MSR_ALL_VMX_DISABLED|VERR_SVM_DISABLED|VERR_SVM_NO_SVM|VERR_NEM_NOT_AVAILABLE/,
    message: 'VirtualBox cannot use this processor’s virtualisation.',
  },
  {
    code: 'VAGRANT_HOST_ONLY_ADAPTER',
    pattern:
      /failed to open \/dev\/vboxnetctl|ioctl failed for \/dev\/vboxnetctl|!aInterfaceName\.isEmpty\(\)|Failed to create the host-only adapter|The host network interface with the given name could not be found/,
    message: 'VirtualBox could not make the host-only network.',
  },
  {
    code: 'VAGRANT_VBOX_MODULE',
    pattern:
      /the kernel module is not loaded|vboxdrv kernel module is not loaded|\/dev\/vboxdrv does not exist|Kernel driver not installed|VERR_VM_DRIVER_NOT_INSTALLED|could not insert 'vboxdrv'|the installation is incomplete/,
    message: 'VirtualBox’s kernel module is not loaded.',
  },
  {
    code: 'VAGRANT_VBOX_TOO_NEW',
    pattern: /a version of VirtualBox installed that is not supported by this version of Vagrant/,
    message: 'This Vagrant does not support the installed VirtualBox.',
  },
  {
    code: 'VAGRANT_HOST_ONLY_RANGE',
    pattern: /configured for the host-only network is not within the allowed ranges\..*?Address: (\S+)/,
    message: 'VirtualBox does not allow the host-only address $1.',
  },
  {
    code: 'VAGRANT_HOST_ONLY_RANGE',
    pattern: /"hostonlyif", "ipconfig",.*"--ip", "([\d.]+)".*E_ACCESSDENIED/,
    message: 'VirtualBox does not allow the host-only address $1.',
  },
  {
    code: 'VAGRANT_NETWORK_COLLISION',
    pattern: /The specified host network collides with a non-hostonly network/,
    message: 'Another interface of this host has the lab’s host-only range.',
  },
  {
    code: 'VAGRANT_NAME_TAKEN',
    pattern: /A VirtualBox machine with the name '([^']+)' already exists/,
    message: 'VirtualBox has a machine named “$1” that Vagrant knows nothing of.',
  },
  {
    code: 'VAGRANT_NAME_TAKEN',
    pattern:
      /Could not rename the directory '[^']*' to '([^']*)' to save the settings file \(VERR_ALREADY_EXISTS\)/,
    message: 'The folder $1 of an earlier machine is in the way.',
  },
  {
    code: 'VAGRANT_NAME_TAKEN',
    pattern: /reporting another VM with that name already exists/,
    message: 'VirtualBox has a machine of that name that Vagrant knows nothing of.',
  },
  {
    code: 'VAGRANT_NAME_TAKEN',
    pattern:
      /There is container on your system with the same name you've specified on your Vagrantfile \(([^)]+)\)/,
    message: 'lxc has a container named “$1” that Vagrant knows nothing of.',
  },
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
    code: 'VAGRANT_BOX_NOT_FOUND',
    pattern: /The box '([^']+)' could not be found or could not be accessed in the remote catalog/,
    message: 'The box “$1” was not found.',
  },
  {
    code: 'VAGRANT_BOX_NOT_FOUND',
    pattern: /The box you're attempting to add (?:has no available version|doesn't support the)/,
    message: 'The box exists, but not in the version or for the provider that the lab wants.',
  },
  {
    code: 'VAGRANT_BOX_NOT_FOUND',
    pattern:
      /error occurred while downloading the remote file.*?(The requested URL returned error: \d+|Couldn't open file \S+)/,
    message: 'The box could not be downloaded: $1',
  },
  {
    code: 'VAGRANT_BOX_DAMAGED',
    pattern: /checksum of the downloaded box did not match|The metadata for the box was malformed/,
    message: 'What was downloaded is not the box it should be.',
  },
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
    code: 'VAGRANT_SUDO',
    pattern: /sudo: (?:a terminal is required to read the password|a password is required|no tty present)/,
    message: 'Root is needed, and sudo asks for a password.',
  },
  {
    code: 'VAGRANT_LXC_MISSING',
    pattern: /`lxc` package does not seem to be installed|`redir` is not installed/,
    message: 'The programs of lxc were not found.',
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
  {
    code: 'VAGRANT_SSH_KEY',
    pattern:
      /Permission denied \((?:publickey|gssapi)|Load key ".*": bad permissions|SSH authentication failed!/,
    message: 'The machine refuses the ssh key.',
  },
];
