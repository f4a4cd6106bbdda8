import path from 'node:path';
import { findUnreachable } from '../bundle/reach.js';
import type { KeptBundle } from '../bundle/modules/kept.js';
import type { Assets, StepFolderManifest } from '../assets/manifests.js';
import { K8slabError } from '../errors/error.js';
import type { ParsedLab } from '../lab/lab.js';
import type { Cluster } from '../plan/cluster.js';
import { decideDownloads, type Downloads, type WantedPart } from '../plan/downloads.js';
import { hostProbes, type Unreachable } from '../plan/reach.js';
import type { Missing } from '../setup/installation.js';
import { readDelivery } from '../vagrant/delivery.js';
import { selectMachines, vagrantKnows } from '../vagrant/lab.js';
import { fileStateStore } from '../vagrant/state.js';
import { roughly } from '../vagrant/progress.js';
import { which } from '../vagrant/which.js';
import { labPaths } from '../write/labFolder.js';
import { decisionsDocument, readState } from '../write/stateStore.js';
import { confirm } from './ask.js';
import { bundlesFolder } from './bundle/folders.js';
import type { Context } from './context.js';
import { commandLine, thisSystem } from './hostPrograms.js';
import { none } from './labBundle.js';
import type { OpenLab } from './openLab.js';
import { parse, type Description } from './planHere.js';
import { sayDecision } from './sayDownloads.js';

/** How long a host may take to answer, in milliseconds. */
const patience = 3000;

/** Hosts that machines of a lab cannot be set up from; asks nobody when the lab downloads from none. */
export async function unreachableHosts(cluster: Cluster, signal: AbortSignal): Promise<Unreachable[]> {
  if (!downloads(cluster)) return [];
  return findUnreachable(hostProbes(cluster), { patience, signal });
}

/** Labs without Kubernetes take all from their distribution, those with a bundle or a baked box have it. */
function downloads({ kubernetes, bundle, box }: Cluster): boolean {
  return kubernetes !== undefined && bundle === undefined && box.baked === undefined;
}

/** A bundle that takes the place of hosts that cannot be reached. */
export interface Substitute {
  bundle: KeptBundle;
  /** What building it takes from nothing. */
  seconds: number;
  /** As the lab names it. */
  kubernetes?: string;
  /** The CNI that takes the place of the planned one. */
  cni?: string;
  /** Programs that building it needs and this host lacks. */
  missing: Missing[];
}

interface Asked {
  folder: string;
  /** What a person would type to run this again, flags left out. */
  command: string;
  setup: boolean;
  yes: boolean;
}

/**
 * Decides where a lab that is about to be booted gets its downloads, and says so where it is not from their own hosts. Gives nothing
 * when it is. Throws HOST_DOWNLOADS_UNREACHABLE when neither hosts nor a bundle can be had, or nobody allows to build one.
 */
export async function arrangeDownloads(
  description: Description,
  cluster: Cluster,
  assets: Assets,
  asked: Asked,
  context: Context,
): Promise<Substitute | undefined> {
  if (description.bundle === none) return undefined;
  const unreachable = await unreachableHosts(cluster, context.signal);
  if (unreachable.length === 0) return undefined;

  const { buildableParts, keptBundle } = await import('../bundle/modules/kept.js');
  const { missingBuildPrograms } = await import('../bundle/modules/host.js');
  const { loadRecipes } = await import('../bundle/modules/loadRecipes.js');
  const { mostSeconds } = await import('../bundle/modules/planSteps.js');
  const recipes = await loadRecipes();
  const parsed = parse(description, assets);
  const kubernetes = versionIn(parsed);
  const bundle = await keptBundle(bundlesFolder(), recipes, kubernetes);
  const programs = bundle.there ? [] : await missingBuildPrograms();
  const parts = {
    cni: wanted('cni', parsed, assets.cnis),
    runtime: wanted('runtime', parsed, assets.runtimes),
  };
  const decision = decideDownloads({
    unreachable,
    ...parts,
    family: cluster.box.family,
    modules: buildableParts(recipes),
    obstacles: obstaclesTo(programs),
    own: path.resolve(description.file) === path.resolve(asked.folder, 'lab.yaml'),
    made: cluster.machines.some(({ name }) =>
      vagrantKnows({ cluster, folder: path.resolve(asked.folder) }, name),
    ),
    kept: bundle.there,
    setup: asked.setup,
    yes: asked.yes,
    // Without --setup nothing is installed, and building needs these.
    canAsk: context.canAsk && (asked.setup || programs.length === 0),
  });
  if (decision.from === 'hosts') return undefined;
  if (decision.from === 'nowhere') throw nowhere(unreachable, decision, cluster, asked.command);
  const seconds = mostSeconds(recipes);
  sayDecision({ unreachable, bundle, planned: parts.cni, cni: decision.cni }, assets, context);
  if (decision.ask && !(await confirm(`Build it? It takes up to about ${roughly(seconds)}.`)))
    throw nowhere(unreachable, { from: 'nowhere', why: [], possible: true }, cluster, asked.command);
  return {
    bundle,
    seconds,
    ...(kubernetes !== undefined && { kubernetes }),
    ...(decision.cni !== undefined && { cni: decision.cni }),
    missing: programs.length === 0 ? [] : [{ what: 'bundle', programs }],
  };
}

/**
 * Refuses to set up machines of a lab folder whose downloads cannot be had, before anything boots. Machines that are as planned
 * download nothing; with `always` they are set up again. Throws HOST_DOWNLOADS_UNREACHABLE.
 */
export async function requireDownloads(
  lab: OpenLab,
  nodes: readonly string[],
  signal: AbortSignal,
  always?: 'always',
): Promise<void> {
  const { cluster, folder } = lab;
  if (!downloads(cluster)) return;
  const decided = await readState(labPaths(folder).state, decisionsDocument);
  if (decided?.bundle === none) return;
  const records = await fileStateStore(lab).read();
  const machines = selectMachines(cluster, nodes);
  const current = await Promise.all(
    machines.map(async (machine) => {
      const { hash } = await readDelivery(lab, machine);
      return records[machine.name]?.provisionedHash === hash && vagrantKnows(lab, machine.name);
    }),
  );
  if (always === undefined && !current.includes(false)) return;
  const unreachable = await unreachableHosts(cluster, signal);
  if (unreachable.length === 0) return;
  const command = commandLine(['k8slab', 'create', folder, '--dir', folder]);
  const possible = !cluster.machines.some(({ name }) => vagrantKnows(lab, name));
  throw nowhere(unreachable, { from: 'nowhere', why: [], possible }, cluster, command);
}

function obstaclesTo(programs: readonly string[]): string[] {
  const { title, manager } = thisSystem();
  return [
    ...(process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch)
      ? []
      : ['Bundles are built from Go modules on Linux, for amd64 and arm64.']),
    ...(which('go') === undefined ? ['Go, which would build one, is not on the PATH.'] : []),
    ...(programs.length === 0 || manager === 'apt'
      ? []
      : [`${programs.join(', ')}, which make packages, are not there, and ${title} is not a Debian.`]),
  ];
}

function versionIn({ lab }: ParsedLab): string | undefined {
  return lab.kubernetes.version === 'default' ? undefined : lab.kubernetes.version;
}

function wanted(
  group: 'cni' | 'runtime',
  { lab, source }: ParsedLab,
  folders: Readonly<Record<string, StepFolderManifest>>,
): WantedPart {
  const { name, options } = lab[group];
  const { positions } = source;
  const named = positions[`${group}.version`] === undefined ? undefined : options.version;
  return {
    name,
    title: folders[name]?.title ?? name,
    ...(named !== undefined && { version: String(named) }),
    written: Object.keys(positions).some((path) => path === group || path.startsWith(`${group}.`)),
  };
}

function nowhere(
  unreachable: readonly Unreachable[],
  { why, possible }: Extract<Downloads, { from: 'nowhere' }>,
  { name }: Cluster,
  command: string,
): K8slabError {
  const [first = '', ...others] = unreachable.map(({ host }) => host);
  const hosts = others.length === 0 ? first : `${first} and ${others.length} more`;
  const message = [`The machines of ${name} cannot download from ${hosts}.`, ...why].join(' ');
  return new K8slabError('HOST_DOWNLOADS_UNREACHABLE', message, {
    raw: unreachable.map(({ host, reason }) => `${host}: ${reason}`).join('\n'),
    fix: [
      ...(possible ? [`${command} --setup   # builds a bundle here from Go modules, and uses it`] : []),
      'k8slab bundle create --out DIR   # on a computer that reaches them; copy the folder',
      `${command} --bundle DIR`,
      `${command} --bundle none   # where the machines do reach them, by a proxy of their box, say`,
    ],
  });
}
