import { boxFailures } from './failures/box.js';
import { hostFailures } from './failures/host.js';
import { libvirtFailures } from './failures/libvirt.js';
import { lxcFailures } from './failures/lxc.js';
import { vagrantFailures } from './failures/vagrant.js';
import { virtualBoxFailures } from './failures/virtualBox.js';
import type { KnownFailure } from './failures/knownFailure.js';

/**
 * Known failures of Vagrant, VirtualBox, libvirt, lxc and ssh; the first that matches wins, so causes stand before the
 * frames they come in. Vagrant breaks its sentences at different places from version to version.
 */
export const knownFailures: readonly KnownFailure[] = [
  ...virtualBoxFailures,
  ...libvirtFailures,
  ...hostFailures,
  ...boxFailures,
  ...lxcFailures,
  ...vagrantFailures,
];
