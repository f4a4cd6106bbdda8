import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { K8slabError } from '../errors/error.js';
import { formatCidr, overlaps, parseAddress, parseCidr } from '../lab/cidr.js';
import { logFile, shownLog, statePath, type LabContext } from './lab.js';
import { lastLines } from './lines.js';
import { run, type RunResult } from './runner.js';
import { readHostOnly } from './virtualBox.js';

/** A host-only interface of VirtualBox, as `VBoxManage list hostonlyifs` tells it. */
export interface HostOnlyInterface {
  /** `vboxnet0`; on Windows `VirtualBox Host-Only Ethernet Adapter #2` */
  name: string;
  address: string;
  netmask: string;
}

/**
 * Makes sure that no host-only interface of VirtualBox's has a part of the lab's range, or more than it, or gives the host another
 * address in it. Vagrant uses an interface again whose network address is the lab's, whatever its mask and own address, and makes
 * a second one beside any other; then the host sends some of the lab's packets nowhere, or is not where machines look for it.
 * Gives whether there is one with the lab's range; throws VAGRANT_HOST_ONLY_MASK, VAGRANT_HOST_ONLY_ADDRESS, VAGRANT_VBOX_HANGS.
 *
 * Source: hostonly_find_matching_network in
 * https://github.com/hashicorp/vagrant/blob/main/plugins/providers/virtualbox/action/network.rb
 */
export async function requireWholeNetwork(
  lab: Pick<LabContext, 'cluster' | 'env' | 'answerTime'>,
): Promise<boolean> {
  const { cidr, hostAddress, netmask } = lab.cluster.networking.hostOnly;
  const own = parseCidr(cidr);
  let there = false;
  for (const { name, address, netmask: mask } of parseHostOnly((await readHostOnly(lab)) ?? '')) {
    const range = parseCidr(`${address}/${prefixOf(mask)}`);
    if (own === undefined || range === undefined) continue;
    if (!overlaps(range, own)) continue;
    const same = formatCidr(range) === cidr;
    if (same && address === hostAddress) {
      there = true;
      continue;
    }
    throw new K8slabError(
      same ? 'VAGRANT_HOST_ONLY_ADDRESS' : 'VAGRANT_HOST_ONLY_MASK',
      same
        ? `VirtualBox’s interface ${name} gives this host the address ${address}; in the lab’s network, ${cidr}, it has to be ${hostAddress}.`
        : `VirtualBox’s interface ${name} has ${formatCidr(range)} (${address}, netmask ${mask}); the lab’s network is ${cidr}.`,
      {
        fix: [
          `If nothing else uses it: VBoxManage hostonlyif ipconfig "${name}" --ip ${hostAddress} --netmask ${netmask}`,
          'Else give the lab a free range: hostOnlySubnet: auto, in a new folder; or another /24 in lab.yaml, then k8slab destroy && k8slab render && k8slab up',
        ],
      },
    );
  }
  return there;
}

/** Its presence says that the lab's interface was made for the lab. */
const note = (lab: LabContext): string => statePath(lab, 'made-host-only');

/**
 * The same before Vagrant boots a machine, which makes the interface where there is none. That is written down: what was there
 * before the lab stays when the lab is destroyed.
 */
export async function prepareHostOnly(lab: LabContext): Promise<void> {
  if (await requireWholeNetwork(lab)) return;
  await mkdir(dirname(note(lab)), { recursive: true });
  await writeFile(note(lab), `${lab.cluster.networking.hostOnly.cidr}\n`);
}

/**
 * Removes the host-only interface that was made for the lab, unless a machine of VirtualBox's is plugged into it: Vagrant leaves it
 * behind. Not on Windows, which would ask for an administrator. Throws VAGRANT_NOT_DESTROYED, VAGRANT_VBOX_HANGS.
 */
export async function removeHostOnly(lab: LabContext): Promise<void> {
  if (process.platform === 'win32' || !existsSync(note(lab))) return;
  const { hostAddress, netmask } = lab.cluster.networking.hostOnly;
  const own = parseHostOnly((await readHostOnly(lab)) ?? '').find(
    (found) => found.address === hostAddress && found.netmask === netmask,
  );
  if (own === undefined) return;
  const manage = (...args: string[]): Promise<RunResult> =>
    run('VBoxManage', args, { env: lab.env ?? {}, logFile: logFile(lab, 'host'), timeout: 60 });
  const machines = (await manage('list', 'vms')).stdout.matchAll(/\{([0-9a-f-]+)\}\s*$/gm);
  for (const [, uuid = ''] of machines) {
    const { exitCode, stdout } = await manage('showvminfo', uuid, '--machinereadable');
    const plugged = [...stdout.matchAll(/^hostonlyadapter\d+="(.*)"\s*$/gm)].map(([, name]) => name);
    // A machine that cannot be asked may be plugged in.
    if (exitCode !== 0 || plugged.includes(own.name)) return;
  }
  const { exitCode, stderr } = await manage('hostonlyif', 'remove', own.name);
  if (exitCode !== 0)
    throw new K8slabError(
      'VAGRANT_NOT_DESTROYED',
      `VirtualBox’s host-only interface ${own.name} could not be removed; see ${shownLog('host')}.`,
      { raw: lastLines(stderr, 10) },
    );
  await rm(note(lab), { force: true });
}

/** Reads the list; interfaces without an address are left out. */
export function parseHostOnly(text: string): HostOnlyInterface[] {
  return text.split(/(?=^Name:)/m).flatMap((block) => {
    const value = (key: string): string =>
      new RegExp(`^${key}:[ \\t]+(\\S.*?)\\s*$`, 'm').exec(block)?.[1] ?? '';
    const [name, address, netmask] = [value('Name'), value('IPAddress'), value('NetworkMask')];
    return name === '' || address === '' || address === '0.0.0.0' ? [] : [{ name, address, netmask }];
  });
}

/** `255.255.255.0` → 24 */
function prefixOf(netmask: string): number {
  const bits = (parseAddress(netmask) ?? 0).toString(2).replace(/0+$/, '');
  return bits.length;
}
