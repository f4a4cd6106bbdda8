import type { Assets } from '../assets/manifests.js';
import type { Cluster, PlannedBox } from '../plan/cluster.js';
import { hypervisorName } from './hypervisorName.js';
import { assetText, fillTemplate } from './templates.js';

/** Text of the lab's Vagrantfile: one table of machines, one loop, the provider's own lines in it. */
export function renderVagrantfile(cluster: Cluster, assets: Assets): string {
  return fillTemplate(assets, 'box-templates/Vagrantfile.hbs', vagrantContext(cluster), {
    provider: indented(assetText(assets, `box-templates/${cluster.provider}/machine.rb`), 6),
  });
}

/** The table of machines and the box, as the Vagrantfile and the provider's host files print them. */
export function vagrantContext(cluster: Cluster): Record<string, unknown> {
  return {
    cluster,
    box: boxSettings(cluster.box),
    bridge: cluster.networking.hostOnly.bridge,
    constants: constants(cluster),
    machines: cluster.machines.map((machine) => ({
      name: machine.name,
      id: hypervisorName(cluster, machine),
      address: machine.address,
      mac: machine.mac,
      cpus: machine.cpus,
      memory: machine.memoryMiB,
      disk: machine.diskGiB,
      secrets: machine.secretGroups,
    })),
  };
}

/** What the provider's lines name; a host-only network of the provider's own making has no bridge. */
function constants({ name, networking, providerOptions = {} }: Cluster): { name: string; value: unknown }[] {
  const { bridge } = networking.hostOnly;
  return [
    { name: 'LAB', value: name },
    ...(bridge === '' ? [] : [{ name: 'LAB_BRIDGE', value: bridge }]),
    ...Object.entries(providerOptions).map(([option, value]) => ({
      name: `PROVIDER_${option.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()}`,
      value,
    })),
  ];
}

/** A text moved as a whole so that its leftmost line begins at a column. */
function indented(text: string, column: number): string {
  const lines = text.trimEnd().split('\n');
  const depths = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const depth = Math.min(...depths);
  return `${lines.map((line) => (line.trim() === '' ? '' : ' '.repeat(column) + line.slice(depth))).join('\n')}\n`;
}

interface BoxSetting {
  setting: string;
  value: string;
}

/**
 * `config.vm.*` lines of the box. A box built on the host or downloaded as a plain file has no version
 * of its own in Vagrant's eyes (it is 0), so asking for one would never match.
 */
function boxSettings(box: PlannedBox): BoxSetting[] {
  const settings: BoxSetting[] = [{ setting: 'box', value: box.name }];
  if (box.build) return settings;
  const plainFile = box.url !== undefined && !/\.json([?#]|$)/.test(box.url);
  if (box.version !== undefined && !plainFile) settings.push({ setting: 'box_version', value: box.version });
  if (box.url !== undefined) settings.push({ setting: 'box_url', value: box.url });
  if (box.checksum) {
    settings.push(
      { setting: 'box_download_checksum_type', value: box.checksum.type },
      { setting: 'box_download_checksum', value: box.checksum.value },
    );
  }
  return settings;
}
