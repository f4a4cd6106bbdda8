import { statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { isAbsolute } from 'node:path';
import { loadAssets } from '../assets/load.js';
import { K8slabError, K8slabErrors } from '../errors/error.js';
import type { Cluster } from '../plan/cluster.js';
import { hasVirtualization } from '../vagrant/hostFacts.js';
import { requireWholeNetwork } from '../vagrant/hostOnly.js';
import { askLibvirt, libvirtUri } from '../vagrant/libvirt.js';
import { vagrantVersion } from '../vagrant/vagrant.js';
import { askVirtualBox } from '../vagrant/virtualBox.js';
import { which } from '../vagrant/which.js';
import type { Context, Status } from './context.js';
import { describe } from './describeLab.js';
import { hostDiagnoses } from './doctorHost.js';
import { commandLine, installationFor, missingPrograms, thisSystem } from './hostPrograms.js';
import { findAbove, providerOf } from './openLab.js';
import { planHere } from './planHere.js';

/** One line of the doctor's. `failed`: the lab cannot run here as it is. */
export interface Diagnosis {
  title: string;
  state: 'ok' | 'warning' | 'failed';
  detail: string;
  fix: string[];
}

/**
 * Says whether a lab can run on this host: the one named, the one whose folder this is, or the default preset.
 * Boots nothing.
 */
export async function doctor(argv: { lab?: string | undefined }, context: Context): Promise<Status> {
  const assets = await loadAssets();
  const folder = argv.lab === undefined ? await findAbove(process.cwd()) : undefined;
  const lab = argv.lab ?? folder ?? '1cp-2w';
  const [planned, version] = await Promise.all([
    attempt(async () => planHere(await describe({ lab }, assets), assets, folder)),
    which('vagrant') === undefined ? undefined : attempt(() => vagrantVersion()),
  ]);
  const diagnoses: Diagnosis[] = [system()];
  if (planned instanceof Error) diagnoses.push(...refusals(planned));
  else {
    const provider = providerOf(planned.provider, assets);
    const known = {
      ...(folder !== undefined && { folder }),
      ...(typeof version === 'string' && { vagrant: version }),
    };
    // Whoever has to be asked is asked at the same time as all others.
    const [ofVirtualBox, ofLibvirt, ofDisk, ofHost] = await Promise.all([
      virtualBox(planned, version),
      libvirt(planned),
      disk(planned),
      hostDiagnoses(planned, known),
    ]);
    diagnoses.push(
      vagrant(version),
      programs(planned, provider),
      ...ofVirtualBox,
      ...ofLibvirt,
      ...limits(planned, provider),
      ...sizes(planned),
      ofDisk,
      ranges(planned),
      ...virtualisation(planned, provider),
      ...ofHost,
    );
  }
  const failed = diagnoses.some(({ state }) => state === 'failed');
  context.result({ lab, ready: !failed, diagnoses });
  if (!context.json) sayDiagnoses(diagnoses, lab, context);
  return failed ? 3 : 0;
}

const ok = (title: string, detail: string): Diagnosis => ({ title, state: 'ok', detail, fix: [] });

async function attempt<T>(work: () => Promise<T>): Promise<T | Error> {
  return work().catch((error: unknown) => {
    if (error instanceof K8slabErrors || error instanceof K8slabError) return error;
    throw error;
  });
}

function refusals(error: Error): Diagnosis[] {
  const errors = error instanceof K8slabErrors ? error.errors : error instanceof K8slabError ? [error] : [];
  return errors.map(({ code, message, fix }) => ({ title: code, state: 'failed', detail: message, fix }));
}

function system(): Diagnosis {
  const { title, manager } = thisSystem();
  return ok('System', manager === undefined ? title : `${title}, packages by ${manager}`);
}

function vagrant(version: string | Error | undefined): Diagnosis {
  const title = 'Vagrant';
  if (version === undefined) {
    return { title, state: 'failed', detail: 'not on the PATH', fix: ['k8slab setup'] };
  }
  return typeof version === 'string'
    ? ok(title, version)
    : { title, state: 'failed', detail: version.message, fix: refusals(version).flatMap(({ fix }) => fix) };
}

function programs(cluster: Cluster, provider: ReturnType<typeof providerOf>): Diagnosis {
  const title = `Provider ${cluster.provider}`;
  const missing = missingPrograms(cluster.provider, provider).filter(({ what }) => what !== 'vagrant');
  if (missing.length === 0) return ok(title, `${provider.title}: everything it needs is installed`);
  const { commands, manual } = installationFor(missing, { [cluster.provider]: provider });
  const what = missing.flatMap((entry) => entry.programs).join(', ');
  return {
    title,
    state: 'failed',
    detail: `missing: ${what}`,
    fix: [...commands.map(commandLine), ...manual, 'k8slab setup'],
  };
}

/** What VirtualBox says of itself, where the lab needs it and it can be asked. */
async function virtualBox(cluster: Cluster, known: string | Error | undefined): Promise<Diagnosis[]> {
  if (cluster.provider !== 'virtualbox' || which('VBoxManage') === undefined || typeof known !== 'string')
    return [];
  const title = 'VirtualBox';
  const version = await attempt(async () => {
    const said = await askVirtualBox(known);
    await requireWholeNetwork({ cluster });
    return said;
  });
  if (typeof version === 'string') return [ok(title, `${version}, and it answers`)];
  return refusals(version).map((diagnosis) => ({ ...diagnosis, title: `${title}, ${diagnosis.title}` }));
}

/** What libvirt says of itself, where the lab needs it and it can be asked: on this host, or on the server it runs on. */
async function libvirt(cluster: Cluster): Promise<Diagnosis[]> {
  if (cluster.provider !== 'libvirt' || which('virsh') === undefined) return [];
  const title = 'libvirt';
  const driver = String(cluster.providerOptions?.driver);
  const said = await attempt(() => askLibvirt(cluster));
  if (typeof said === 'string')
    return [ok(title, `${said} answers at ${libvirtUri(cluster)}; driver ${driver}`)];
  return refusals(said).map((diagnosis) => ({ ...diagnosis, title: `${title}, ${diagnosis.title}` }));
}

/** Virtual machines need a processor that can; asked only where the provider's are such. */
function virtualisation(
  { provider }: Cluster,
  { virtualization }: ReturnType<typeof providerOf>,
): Diagnosis[] {
  if (!virtualization) return [];
  const title = 'Virtualisation';
  if (hasVirtualization()) return [ok(title, 'VT-x or AMD-V is there')];
  return [
    {
      title,
      state: 'warning',
      detail: `${provider} needs VT-x or AMD-V, and this processor shows neither`,
      fix: [
        'Switch it on in the firmware (BIOS or UEFI): “Intel VT-x”, “SVM”. In a virtual machine: allow nested virtualisation.',
        'k8slab create … --provider auto',
      ],
    },
  ];
}

/** Limits of this host that would make `auto` look for another provider, and what they cost. */
function limits({ adaptations = [] }: Cluster, provider: ReturnType<typeof providerOf>): Diagnosis[] {
  const avoided = provider.adaptations?.filter(({ avoid }) => avoid).map(({ id }) => id) ?? [];
  return adaptations
    .filter(({ id }) => avoided.includes(id))
    .map(({ title, why }) => ({
      title,
      state: 'warning',
      detail: why,
      fix: ['k8slab create … --provider auto'],
    }));
}

function sizes({ totals, machines }: Cluster): Diagnosis[] {
  const host = Math.floor(totalmem() / 1024 ** 2);
  const memory = `${totals.memoryMiB} MiB for ${totals.machines} machines; this host has ${host} MiB`;
  const largest = Math.max(...machines.map(({ cpus }) => cpus));
  const cpus = `up to ${largest} a machine; this host has ${availableParallelism()}`;
  return [
    totals.memoryMiB > host
      ? { title: 'Memory', state: 'warning', detail: memory, fix: ['k8slab create … --set workers.count=1'] }
      : ok('Memory', memory),
    largest > availableParallelism()
      ? { title: 'CPUs', state: 'warning', detail: cpus, fix: ['k8slab create … --set controlPlanes.cpus=2'] }
      : ok('CPUs', cpus),
  ];
}

/** A machine that runs Kubernetes and its images takes about this much of its disk, in GiB. */
const usedByMachine = 4;

async function disk({ totals }: Cluster): Promise<Diagnosis> {
  const { bavail, bsize } = await statfs('.');
  const free = Math.floor((bavail * bsize) / 1024 ** 3);
  const need = totals.machines * usedByMachine;
  const detail = `about ${need} GiB in use once the lab runs; ${free} GiB are free here`;
  return free < need
    ? { title: 'Disk', state: 'warning', detail, fix: ['Free some space, or use another disk: --dir'] }
    : ok('Disk', detail);
}

function ranges({ networking, warnings }: Cluster): Diagnosis {
  const { cidr } = networking.hostOnly;
  const hidden = warnings.filter(({ code }) => code === 'PLAN_HOST_HIDDEN');
  const title = 'Networks';
  if (hidden.length === 0)
    return ok(title, `${cidr} is free, and no range of the lab hides one of this host`);
  return {
    title,
    state: 'warning',
    detail: hidden.map(({ message }) => message).join(' '),
    fix: ['k8slab create … --set networking.podSubnet=…'],
  };
}

function sayDiagnoses(diagnoses: readonly Diagnosis[], lab: string, context: Context): void {
  const { green, yellow, red, dim } = context.palette;
  const mark = { ok: green('✓'), warning: yellow('!'), failed: red('✗') };
  for (const { title, state, detail, fix } of diagnoses) {
    context.say(`${mark[state]} ${title}: ${detail}`);
    for (const line of fix) context.say(dim(`    ${line}`));
  }
  const ready = diagnoses.every(({ state }) => state !== 'failed');
  context.say(
    ready
      ? `\nWhat now?  ${isAbsolute(lab) ? 'k8slab up' : `k8slab create ${lab}`}`
      : `\n${lab} cannot run here yet; see above.`,
  );
}
