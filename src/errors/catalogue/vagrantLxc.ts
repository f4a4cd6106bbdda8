import type { CatalogueEntry } from './entry.js';

/** Failures of the lxc provider that are recognised by their texts. */
export const vagrantLxcEntries = {
  VAGRANT_LXC_MISSING: {
    title: 'lxc is not installed',
    exit: 3,
    meaning: 'The lxc provider runs machines with the programs of lxc, and they were not found.',
    why: 'The package is not installed, or sudo asks for a password, which Vagrant cannot answer.',
    fix: ['k8slab setup --provider lxc', 'sudo -v && k8slab up'],
  },
  VAGRANT_SUDO: {
    title: 'Root is needed',
    exit: 3,
    meaning: 'The lxc provider changes the host’s network and mounts, which takes root.',
    why: 'k8slab does not run as root, and sudo would ask for a password.',
    fix: ['Run the command as root, or allow sudo without a password.'],
  },
  VAGRANT_LXC_NETWORK: {
    title: 'The lab’s network could not be made on this host',
    exit: 3,
    meaning: 'A machine’s network adapter could not be connected, so the machine did not start.',
    why: 'The bridge is missing or could not be made, or another interface has the lab’s range.',
    fix: ['Read the lines below; then choose another networking.hostOnlySubnet, or free the range.'],
    see: ['ip -4 address', 'ip link show type bridge'],
  },
  VAGRANT_LXC_FAILED: {
    title: 'A program of lxc failed',
    exit: 3,
    meaning: 'The container behind the machine could not be created, started or stopped.',
    why: 'Limits of this host (control groups, mounts, kernel modules), or a container left over from a killed run.',
    fix: [
      'k8slab destroy && k8slab up',
      'lxc-start --foreground --name NAME   # shows why it does not start',
    ],
    see: ['lxc-ls --fancy', 'lxc-checkconfig'],
  },
} satisfies Record<string, CatalogueEntry>;
