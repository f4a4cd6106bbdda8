import type { InstallRule } from '../assets/providerManifest.js';

export type PackageManager = InstallRule['manager'];

/** The operating system, as far as installing programs is concerned. */
export interface System {
  /** Such as `Debian GNU/Linux 12 (bookworm)`. */
  title: string;
  /** Absent where none of the known managers is. */
  manager?: PackageManager;
  /** `ID` and `ID_LIKE` of /etc/os-release, own id first; the platform's name elsewhere. */
  ids: string[];
  codename?: string;
}

const managerOf: Record<string, PackageManager> = {
  debian: 'apt',
  ubuntu: 'apt',
  fedora: 'dnf',
  rhel: 'dnf',
  centos: 'dnf',
  arch: 'pacman',
};

/**
 * Takes the platform and, on Linux, the text of /etc/os-release
 * (https://www.freedesktop.org/software/systemd/man/latest/os-release.html); gives the system.
 */
export function detectSystem(platform: NodeJS.Platform, osRelease = ''): System {
  if (platform === 'darwin') return { title: 'macOS', manager: 'brew', ids: ['darwin'] };
  if (platform === 'win32') return { title: 'Windows', manager: 'winget', ids: ['win32'] };
  const fields = parseOsRelease(osRelease);
  const ids = [fields.ID ?? platform, ...(fields.ID_LIKE ?? '').split(/\s+/)].filter((id) => id !== '');
  const manager = ids.map((id) => managerOf[id]).find((found) => found !== undefined);
  return {
    title: fields.PRETTY_NAME ?? platform,
    ids,
    ...(manager === undefined ? {} : { manager }),
    ...(/^[a-z]+$/.test(fields.VERSION_CODENAME ?? '') ? { codename: fields.VERSION_CODENAME ?? '' } : {}),
  };
}

function parseOsRelease(text: string): Partial<Record<string, string>> {
  const pairs = text.matchAll(/^([A-Z_]+)=(?:"([^"\n]*)"|'([^'\n]*)'|(\S*))$/gm);
  return Object.fromEntries([...pairs].map(([, name = '', ...values]) => [name, values.find(Boolean) ?? '']));
}
