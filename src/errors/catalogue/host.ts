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
    meaning: 'Nothing was installed and nothing was booted.',
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
  HOST_DOWNLOADS_UNREACHABLE: {
    title: 'The hosts that a lab downloads from cannot be reached',
    exit: 3,
    meaning:
      'Machines download Kubernetes, its images and its network from the hosts listed. They were asked from here as machines would, and at least one is of no use. Nothing was booted.',
    why: 'No connection, a firewall or name server that keeps them away, a filter that answers in their place, or a network in which only a proxy leads out: machines know no proxy and trust only public authorities.',
    fix: [
      'k8slab create LAB --setup   # builds a bundle here from Go modules, and uses it',
      'k8slab create LAB --bundle DIR   # one that was made on another computer',
      'k8slab create LAB --bundle none   # where the machines do reach them, by a proxy of their box, say',
    ],
    see: [
      'curl --noproxy "*" --head https://pkgs.k8s.io/',
      'curl --noproxy "*" --head https://registry.k8s.io/v2/',
    ],
    source: 'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/',
  },
} satisfies Record<string, CatalogueEntry>;
