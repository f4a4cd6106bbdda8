import type { CatalogueEntry } from './entry.js';

export const hostEntries = {
  HOST_PROGRAMS_MISSING: {
    title: 'This host lacks programs that the lab needs',
    exit: 3,
    meaning: 'The lab folder is complete, but nothing can boot until the programs named are installed.',
    why: 'A lab needs Vagrant, an ssh client, and the programs of its provider.',
    fix: ['k8slab setup'],
    see: ['k8slab doctor'],
    source: 'https://developer.hashicorp.com/vagrant/install',
  },
  HOST_PROVIDER_UNKNOWN: {
    title: 'No such provider',
    exit: 2,
    meaning: 'The name is not one of the providers that this version of k8slab has.',
    why: 'A misspelling, or a lab folder that another version of k8slab wrote.',
    fix: ['k8slab setup --help'],
  },
  HOST_SETUP_REFUSED: {
    title: 'The installation was not confirmed',
    exit: 3,
    meaning: 'Nothing was installed and nothing was booted; the lab folder is complete.',
    why: 'The question was answered with no, or there was no terminal to ask on.',
    fix: ['k8slab setup --yes'],
  },
  HOST_SETUP_FAILED: {
    title: 'A command of the package manager failed',
    exit: 3,
    meaning: 'What came before it is installed; nothing was booted.',
    why: 'Its own output, above, says why: often no network, no such package in this release, or another package manager at work.',
    fix: ['Run the command by hand, and k8slab setup again when it works.'],
  },
  HOST_SETUP_MANUAL: {
    title: 'Something is left that k8slab does not install',
    exit: 3,
    meaning: 'The programs named are still not on the PATH.',
    why: 'This system has no package of them, or its package manager is not one of apt, dnf, pacman, Homebrew and winget.',
    fix: ['Install them, make sure that they are on the PATH, and run the command again.'],
    source: 'https://developer.hashicorp.com/vagrant/install',
  },
} satisfies Record<string, CatalogueEntry>;
