import type { KnownFailure } from './knownFailure.js';

/** What VirtualBox, and Vagrant about it, says. */
export const virtualBoxFailures: readonly KnownFailure[] = [
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
      /failed to open \/dev\/vboxnetctl|ioctl failed for \/dev\/vboxnetctl|!aInterfaceName\.isEmpty\(\)|Failed to create the host-only adapter|The host network interface with the given name could not be found|VERR_INTNET_FLT_IF_NOT_FOUND/,
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
    code: 'VAGRANT_MACHINE_CRASHED',
    pattern:
      /invalid state while waiting for it to boot\..*?The machine is in the '(aborted|gurumeditation)' state/,
    message: 'The machine crashed while it started: VirtualBox calls its state “$1”.',
  },
  {
    code: 'VAGRANT_MACHINE_CRASHED',
    pattern: /The virtual machine '[^']*' has terminated (?:unexpectedly during startup|abnormally)/,
    message: 'The machine’s process ended as soon as it was started.',
  },
  {
    code: 'VAGRANT_MACHINE_IN_USE',
    pattern: /machine '([^']+)' is already locked (?:for|by) a session/,
    message: 'Another program holds the machine “$1”.',
  },
  {
    code: 'VAGRANT_MACHINE_IN_USE',
    pattern: /Cannot unregister the machine '([^']+)' while it is locked/,
    message: 'Another program holds the machine “$1”, so it cannot be removed.',
  },
  {
    code: 'VAGRANT_HOST_ONLY_GONE',
    pattern: /Nonexistent host networking interface, name '([^']*)'/,
    message: 'The host-only interface $1 does not exist any more.',
  },
];
