import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Folders of gems that a distribution's own vagrant sees: Debian and Ubuntu, Fedora, Arch. */
const systemGems = [
  '/usr/share/rubygems-integration/all/gems',
  '/usr/share/vagrant/gems/gems',
  '/opt/vagrant/embedded/gems/gems',
];

/** Whether Vagrant has a plugin, found out from its files: asking Vagrant takes seconds. */
export function hasPlugin(
  plugin: string,
  env: Record<string, string | undefined> = process.env,
  gemFolders: readonly string[] = systemGems,
): boolean {
  const home = env.VAGRANT_HOME ?? join(env.HOME ?? homedir(), '.vagrant.d');
  return (
    installedByUser(join(home, 'plugins.json'), plugin) || gemFolders.some((folder) => hasGem(folder, plugin))
  );
}

function installedByUser(file: string, plugin: string): boolean {
  try {
    const list: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof list !== 'object' || list === null || !('installed' in list)) return false;
    return (
      typeof list.installed === 'object' && list.installed !== null && Object.hasOwn(list.installed, plugin)
    );
  } catch {
    return false;
  }
}

function hasGem(folder: string, plugin: string): boolean {
  try {
    return readdirSync(folder).some(
      (name) => name.startsWith(`${plugin}-`) && /^\d/.test(name.slice(plugin.length + 1)),
    );
  } catch {
    return false;
  }
}
