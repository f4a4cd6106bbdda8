import type { CatalogueEntry } from './entry.js';

/** What goes wrong when a box is baked, listed or removed. */
export const boxEntries = {
  BOX_BAKE_PROVIDER: {
    title: 'No box can be baked for this provider',
    exit: 2,
    meaning:
      'Baking packs a machine that was set up into a box, and how that is done is known for some providers only.',
    why: 'The lab’s provider declares no way to do it, or its box is not one that k8slab builds.',
    fix: [
      'k8slab box bake LAB --provider lxc',
      'Without a baked box labs work as well: they install what they need while they come up.',
    ],
  },
  BOX_BAKE_FAILED: {
    title: 'A box could not be baked',
    exit: 3,
    meaning: 'The machine was set up, but making a box of it failed. Nothing of it is left.',
    why: 'Mostly a full disk; the lines below are the last ones of the program that failed.',
    fix: ['Read the lines below, then try again: k8slab box bake'],
    see: ['df --human-readable /var/lib'],
  },
  BOX_BAKE_DISK: {
    title: 'Too little disk space to bake a box',
    exit: 3,
    meaning:
      'While a box is baked, its contents lie on the disk several times: unpacked, packed, and as Vagrant copies it.',
    why: 'The disk of the machines or that of Vagrant’s boxes is almost full.',
    fix: [
      'k8slab box list   # and: k8slab box remove NAME',
      'export VAGRANT_HOME=/larger/disk/vagrant   # Vagrant keeps its boxes there',
    ],
    see: ['df --human-readable'],
  },
  BOX_UNKNOWN: {
    title: 'There is no such box',
    exit: 2,
    meaning: 'Only boxes that k8slab built or baked on this host can be named here.',
    why: 'The name is misspelt, or the box was removed already.',
    fix: ['k8slab box list'],
  },
  BOX_IN_USE: {
    title: 'The box is in use',
    exit: 2,
    meaning:
      'A lab with machines starts from this box. Its machines would go on, but none could be made again from it.',
    why: 'Vagrant needs a machine’s box whenever it makes that machine.',
    fix: ['k8slab destroy --dir FOLDER   # of the lab', 'k8slab box remove NAME --force   # in spite of it'],
  },
} satisfies Record<string, CatalogueEntry>;
