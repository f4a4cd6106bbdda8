import type { ErrorCode } from '../errors/catalogue/index.js';

/** Failures that lie in this host, the lab's box or its Vagrantfile: every machine would meet them alike. */
const hostWide: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'VAGRANT_VIRTUALIZATION_OFF',
  'VAGRANT_KVM_IN_USE',
  'VAGRANT_HYPERV_IN_USE',
  'VAGRANT_VBOX_MODULE',
  'VAGRANT_VBOX_TOO_NEW',
  'VAGRANT_VBOX_HANGS',
  'VAGRANT_HOST_ONLY_ADAPTER',
  'VAGRANT_HOST_ONLY_ADDRESS',
  'VAGRANT_HOST_ONLY_MASK',
  'VAGRANT_HOST_ONLY_RANGE',
  'VAGRANT_NETWORK_COLLISION',
  'VAGRANT_LIBVIRT_DOWN',
  'VAGRANT_LIBVIRT_PERMISSION',
  'VAGRANT_LIBVIRT_SERVER',
  'VAGRANT_LIBVIRT_NETWORK',
  'VAGRANT_LIBVIRT_POOL',
  'VAGRANT_LIBVIRT_IMAGE',
  'VAGRANT_KVM_MISSING',
  'VAGRANT_PROVIDER_MISSING',
  'VAGRANT_DISK_FULL',
  'VAGRANT_BOX_NOT_FOUND',
  'VAGRANT_BOX_DAMAGED',
  'VAGRANT_VAGRANTFILE',
]);

/** Whether there is no point in starting other machines after this failure. */
export const isHostWide = ({ code }: { code: ErrorCode }): boolean => hostWide.has(code);
