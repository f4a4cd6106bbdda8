import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../plan/cluster.js';
import { libvirtUri } from '../vagrant/libvirt.js';
import type { Diagnosis } from './doctor.js';

type Environment = Record<string, string | undefined>;

/** Processors by the names that Vagrant and box makers use. */
const names: Readonly<Record<string, string>> = {
  amd64: 'amd64',
  x86_64: 'amd64',
  arm64: 'arm64',
  aarch64: 'arm64',
};

const hosts: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Since 2.4.0 Vagrant takes, of a box for several processors, the host's own. */
const knowsArchitectures = /^(?:2\.(?:[4-9]|\d\d)|[3-9]|\d\d)\b/;

/**
 * Whether the box is there or can be had, and is for this host's processor. A box that Vagrant has, or that is made here, needs nobody.
 *
 * @param vagrant Vagrant's version, where it is known
 * @param arch Node's name of this host's processor
 */
export function boxDiagnosis(
  cluster: Cluster,
  vagrant: string | undefined,
  env: Environment = process.env,
  arch: string = process.arch,
): Diagnosis {
  const { box, provider } = cluster;
  const title = 'Box';
  const installed = installedFor(box.name, provider, env);
  const wrong = otherProcessor(cluster, installed, vagrant, hosts[arch] ?? arch);
  if (wrong !== undefined) return { title, state: 'failed', ...wrong };
  if (installed !== undefined) return { title, state: 'ok', detail: `Vagrant has ${box.name}`, fix: [] };
  if (box.build) return { title, state: 'ok', detail: `${box.name} is built on this host`, fix: [] };
  const from = box.url ?? 'the registry of boxes, which ends on 2026-12-31';
  const detail = `${box.name} for ${provider} is downloaded from ${from}`;
  return { title, state: 'ok', detail, fix: [] };
}

/**
 * Processors that the box is there for, in Vagrant's own folder; undefined when it is not there at all, empty when its folders do not
 * say. Since Vagrant 2.4 they lie at NAME/VERSION/PROCESSOR/PROVIDER, before at NAME/VERSION/PROVIDER.
 */
function installedFor(name: string, provider: string, env: Environment): string[] | undefined {
  const home = env.VAGRANT_HOME ?? join(homedir(), '.vagrant.d');
  const folder = join(home, 'boxes', name.replaceAll('/', '-VAGRANTSLASH-'));
  const versions = foldersIn(folder).map((version) => join(folder, version));
  const plain = versions.some((version) => foldersIn(version).includes(provider));
  const processors = versions.flatMap((version) =>
    foldersIn(version).filter((entry) => foldersIn(join(version, entry)).includes(provider)),
  );
  if (!plain && processors.length === 0) return undefined;
  const known = processors.flatMap((entry) => names[entry] ?? []);
  return plain || known.length < processors.length ? [] : [...new Set(known)];
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

/** Why the box does not start here, as far as it is known; machines on another computer's libvirt have that one's processor. */
function otherProcessor(
  cluster: Cluster,
  installed: readonly string[] | undefined,
  vagrant: string | undefined,
  host: string,
): Pick<Diagnosis, 'detail' | 'fix'> | undefined {
  const { box, provider } = cluster;
  if (provider === 'libvirt' && !libvirtUri(cluster).startsWith('qemu:///')) return undefined;
  const known = (installed?.length ?? 0) > 0 ? (installed ?? []) : processorIn(box.url);
  if (known.length > 0 && !known.includes(host))
    return {
      detail: `${box.name} is for ${known.join(' and ')}, and this host is ${host}: its machines do not start`,
      fix: ['k8slab create … --set box=debian-12   # or another box for this processor: docs/boxes.md'],
    };
  const old = vagrant !== undefined && !knowsArchitectures.test(vagrant);
  if (host !== 'amd64' && installed === undefined && !box.build && box.url === undefined && old)
    return {
      detail: `Vagrant ${vagrant} takes ${box.name} for amd64 from the registry, and this host is ${host}`,
      fix: ['Install Vagrant 2.4.0 or later: k8slab setup'],
    };
  return undefined;
}

/** What a box's URL says itself, if anything. */
function processorIn(url: string | undefined): string[] {
  const word = /(?:^|[^a-z0-9])(amd64|x86_64|arm64|aarch64)(?:[^a-z0-9]|$)/i.exec(url ?? '')?.[1];
  const processor = names[word?.toLowerCase() ?? ''];
  return processor === undefined ? [] : [processor];
}
