import type { InstallRule, ProviderManifest } from '../assets/providerManifest.js';
import type { PackageManager, System } from './system.js';

/** What is missing: a program, and who needs it. */
export interface Missing {
  /** `vagrant`, `ssh`, `bundle` (the making of one from Go modules), or a provider's folder name. */
  what: string;
  programs: string[];
}

/** How to get it: commands in order, and what no command does. */
export interface Installation {
  commands: string[][];
  /** What the commands install, as the package manager calls it. */
  packages: string[];
  manual: string[];
}

/** Where HashiCorp publishes Vagrant for systems that do not package it: https://developer.hashicorp.com/vagrant/install */
const hashicorp = {
  aptKey: 'https://apt.releases.hashicorp.com/gpg',
  aptKeyring: '/usr/share/keyrings/hashicorp-archive-keyring.asc',
  apt: 'https://apt.releases.hashicorp.com',
  dnf: (family: string) => `https://rpm.releases.hashicorp.com/${family}/hashicorp.repo`,
};

/** Programs that labs need whatever the provider is. */
const common: Record<string, InstallRule[]> = {
  vagrant: [
    { manager: 'apt', packages: ['vagrant'] },
    { manager: 'dnf', packages: ['vagrant'] },
    { manager: 'pacman', packages: ['vagrant'] },
    { manager: 'brew', packages: ['--cask', 'vagrant'] },
    { manager: 'winget', packages: ['Hashicorp.Vagrant'] },
  ],
  ssh: [
    { manager: 'apt', packages: ['openssh-client'] },
    { manager: 'dnf', packages: ['openssh-clients'] },
    { manager: 'pacman', packages: ['openssh'] },
    {
      manager: 'winget',
      manual: 'Settings > System > Optional features > Add a feature > OpenSSH Client',
      packages: [],
    },
  ],
  bundle: [
    {
      manager: 'apt',
      packages: ['dpkg', 'gpg', 'gpg-agent', 'gpgconf', 'mmdebstrap', 'tar', 'xz-utils', 'ca-certificates'],
    },
  ],
};

/**
 * Takes what is missing on a system; gives the commands that install it there, ready to run.
 * `root` leaves sudo out. Nothing is run here.
 */
export function planInstallation(
  missing: readonly Missing[],
  system: System,
  providers: Record<string, ProviderManifest>,
  root: boolean,
): Installation {
  const rules = missing.map(({ what }) =>
    fittingRule(common[what] ?? providers[what]?.install ?? [], system),
  );
  const packages = [...new Set(rules.flatMap((rule) => rule?.packages ?? []))];
  const manual = missing.flatMap(({ what, programs }, index) => {
    const rule = rules[index];
    if (rule === undefined) return [`Install ${programs.join(', ')} (for ${what}) and put it on the PATH.`];
    return rule.manual === undefined ? [] : [rule.manual];
  });
  if (system.manager === undefined || packages.length === 0) return { commands: [], packages: [], manual };
  const repository = packages.includes('vagrant') ? addRepository(system, root) : [];
  return { commands: [...repository, ...installCommands(system.manager, packages, root)], packages, manual };
}

function fittingRule(rules: readonly InstallRule[], system: System): InstallRule | undefined {
  const names = [...system.ids, system.codename];
  return rules.find(
    ({ manager, on }) =>
      manager === system.manager && (on === undefined || on.some((id) => names.includes(id))),
  );
}

/** Ubuntu (since 24.04) and the dnf family do not package Vagrant; Debian does. */
function addRepository(system: System, root: boolean): string[][] {
  const sudo = root ? [] : ['sudo'];
  const { aptKey, aptKeyring, apt, dnf } = hashicorp;
  if (system.ids.includes('ubuntu') && system.codename !== undefined) {
    const line = `deb [signed-by=${aptKeyring}] ${apt} ${system.codename} main`;
    return [
      [...sudo, 'apt-get', 'update'],
      [...sudo, 'apt-get', 'install', '--yes', 'curl', 'ca-certificates'],
      [...sudo, 'curl', '-fsSL', '--output', aptKeyring, aptKey],
      [...sudo, 'sh', '-c', `echo '${line}' > /etc/apt/sources.list.d/hashicorp.list`],
    ];
  }
  if (system.manager !== 'dnf') return [];
  const family = system.ids[0] === 'fedora' ? 'fedora' : 'RHEL';
  return [[...sudo, 'curl', '-fsSL', '--output', '/etc/yum.repos.d/hashicorp.repo', dnf(family)]];
}

function installCommands(manager: PackageManager, packages: string[], root: boolean): string[][] {
  const sudo = root ? [] : ['sudo'];
  switch (manager) {
    case 'apt':
      return [
        [...sudo, 'apt-get', 'update'],
        [...sudo, 'apt-get', 'install', '--yes', '--no-install-recommends', ...packages],
      ];
    case 'dnf':
      return [[...sudo, 'dnf', 'install', '--assumeyes', ...packages]];
    case 'pacman':
      return [[...sudo, 'pacman', '--sync', '--needed', '--noconfirm', ...packages]];
    case 'brew':
      return [['brew', 'install', ...packages]];
    case 'winget':
      return packages.map((id) => ['winget', 'install', '--exact', '--id', id]);
  }
}
