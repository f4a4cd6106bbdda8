import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { loadAssets } from '../assets/load.js';
import type { Assets, ProviderManifest } from '../assets/manifests.js';
import { K8slabError } from '../errors/error.js';
import { labJsonSchema } from '../lab/jsonSchema.js';
import { parseLab } from '../lab/parse.js';
import type { Cluster } from '../plan/cluster.js';
import type { Decisions } from '../plan/host.js';
import { decisionsOf, planCluster } from '../plan/plan.js';
import { renderLab } from '../render/renderLab.js';
import { adminKubeconfig } from '../secrets/kubeconfig.js';
import { completeSecrets, secretFacts } from '../secrets/secrets.js';
import { collectHostFacts } from '../vagrant/hostFacts.js';
import type { LabContext } from '../vagrant/lab.js';
import { fileStateStore } from '../vagrant/state.js';
import { writeAtomic } from '../write/atomic.js';
import { isLabFolder, labPaths, prepareLabFolder, writeLabFile } from '../write/labFolder.js';
import { listLabs, reserve, type RegisteredLab } from '../write/labsRegistry.js';
import { withLabLock } from '../write/lock.js';
import { addSecrets, readSecrets, writePrivate } from '../write/secretsStore.js';
import { clusterDocument, decisionsDocument, readState, writeState } from '../write/stateStore.js';
import { writeLab, type WriteReport } from '../write/writeLab.js';
import { installableProviders } from './hostPrograms.js';

/** A lab folder with the plan that was rendered there last. */
export interface OpenLab extends LabContext {
  assets: Assets;
  provider: ProviderManifest;
}

/**
 * Opens the lab in `dir`, or the one that the current folder is or lies in.
 * Throws LAB_NO_FOLDER when there is none.
 */
export async function openLab(dir: string | undefined): Promise<OpenLab> {
  const folder = dir === undefined ? await findAbove(process.cwd()) : resolve(dir);
  const cluster = folder === undefined ? undefined : await readState(labPaths(folder).state, clusterDocument);
  if (folder === undefined || cluster === undefined) {
    const where = dir === undefined ? 'This folder is not a lab' : `${resolve(dir)} is not a lab`;
    const half = folder !== undefined && (await isLabFolder(folder));
    throw new K8slabError(
      'LAB_NO_FOLDER',
      half ? `${folder} was not written to the end.` : `${where}, and no folder above it is one.`,
      half ? { fix: [`k8slab render --dir ${folder}`] } : {},
    );
  }
  const assets = await loadAssets();
  return { folder, cluster, assets, provider: providerOf(cluster.provider, assets) };
}

/** The manifest of a planned provider. */
export function providerOf(name: string, assets: Assets): ProviderManifest {
  const provider = assets.providers[name];
  if (provider === undefined) {
    throw new K8slabError('HOST_PROVIDER_UNKNOWN', `This k8slab has no provider called ${name}.`);
  }
  return provider;
}

async function findAbove(start: string): Promise<string | undefined> {
  for (let folder = start; ; folder = dirname(folder)) {
    if (await isLabFolder(folder)) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** A lab's text and where it came from. */
export interface Description {
  text: string;
  /** As messages name it. */
  file: string;
}

/** Plans a description for this host without writing or reserving anything. Throws K8slabErrors. */
export async function planHere(
  { text, file }: Description,
  assets: Assets,
  folder?: string,
): Promise<Cluster> {
  const known = folder === undefined ? {} : await earlier(folder);
  const others = (await listLabs()).filter((lab) => lab.folder !== folder);
  return plan({ text, file }, assets, others, known);
}

interface Earlier {
  decisions?: Decisions;
  cluster?: Cluster;
}

async function earlier(folder: string): Promise<Earlier> {
  const { state } = labPaths(folder);
  const [decisions, cluster] = await Promise.all([
    readState(state, decisionsDocument),
    readState(state, clusterDocument),
  ]);
  return { ...(decisions && { decisions }), ...(cluster && { cluster }) };
}

async function plan(
  { text, file }: Description,
  assets: Assets,
  others: RegisteredLab[],
  { decisions, cluster }: Earlier,
): Promise<Cluster> {
  const parsed = parseLab(text, file, assets);
  const own = cluster?.networking.hostOnly;
  const host = await collectHostFacts({
    providers: assets.providers,
    installableProviders: installableProviders(assets.providers),
    otherLabs: others,
    ...(own && { own: { bridge: own.bridge, cidr: own.cidr } }),
  });
  return planCluster(parsed, host, assets, decisions);
}

/** What `layDown` did. */
export interface LaidDown extends OpenLab {
  files: WriteReport;
}

/**
 * Brings a lab folder in line with a description: plan, decisions, secrets, kubeconfig, files. What is settled already
 * (provider, host-only range, secrets) stays. Everything that can be wrong with the description is found before the
 * folder is touched. `command` is what another run is told while this one holds the folder.
 */
export async function layDown(
  dir: string,
  description: Description,
  assets: Assets,
  command: string,
): Promise<LaidDown> {
  await planHere(description, assets, resolve(dir));
  const paths = await prepareLabFolder(dir);
  return withLabLock(paths.dir, command, async () => {
    const known = await earlier(paths.dir);
    await writeAtomic(join(paths.state, schemaFile), schemaText(assets), 0o644);
    await writeLabFile(paths.dir, description.text);
    const { cluster } = await reserve(paths.dir, async (others) => {
      const planned = await plan(description, assets, others, known);
      return { cluster: planned, name: planned.name, hostOnlySubnet: planned.networking.hostOnly.cidr };
    });
    await refuseLostMachines(paths.dir, known.cluster, cluster);

    const { secrets } = await completeSecrets(cluster, await readSecrets(paths.dir));
    await addSecrets(paths.dir, secrets);
    const kubeconfig = await adminKubeconfig(cluster, secrets, await readIfThere(paths.kubeconfig));
    if (kubeconfig !== undefined) await writePrivate(paths.kubeconfig, kubeconfig);
    await writeState(paths.state, decisionsDocument, decisionsOf(cluster));
    const files = await writeLab(paths.dir, renderLab(cluster, secretFacts(secrets), assets));
    await writeState(paths.state, clusterDocument, cluster);
    return { folder: paths.dir, cluster, assets, provider: providerOf(cluster.provider, assets), files };
  });
}

/** Editors complete and check lab.yaml with this copy, also where the package is not installed. */
const schemaFile = 'lab.schema.json';

const schemaText = (assets: Assets): string => `${JSON.stringify(labJsonSchema(assets), undefined, 2)}\n`;

/** Lets the first line of a description that is ours point at the lab folder's copy of the schema. */
export function withSchemaOf(text: string): string {
  const ours =
    /^# yaml-language-server: \$schema=(?:\.\.\/\.\.\/schema\/|https:\/\/unpkg\.com\/k8slab\/schema\/)lab\.schema\.json$/m;
  return text.replace(ours, `# yaml-language-server: $$schema=.k8slab/${schemaFile}`);
}

/** A machine that exists must not vanish from the plan: nothing would ever destroy it. */
async function refuseLostMachines(
  folder: string,
  before: Cluster | undefined,
  after: Cluster,
): Promise<void> {
  if (before === undefined) return;
  const records = await fileStateStore({ cluster: before, folder }).read();
  const lost = before.machines
    .map(({ name }) => name)
    .filter((name) => records[name]?.created && !after.machines.some((machine) => machine.name === name));
  if (lost.length === 0) return;
  throw new K8slabError(
    'LAB_MACHINE_LOST',
    `${lost.join(', ')} would no longer be in the lab, but ${lost.length === 1 ? 'it exists' : 'they exist'}.`,
    { fix: [`k8slab destroy ${lost.join(' ')}`, 'Then run this again.'] },
  );
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

/** Reads the description of a lab folder, as its person left it. Throws LAB_NOT_FOUND. */
export async function descriptionOf(folder: string): Promise<Description> {
  const file = join(folder, 'lab.yaml');
  const text = await readIfThere(file);
  if (text === undefined) throw new K8slabError('LAB_NOT_FOUND', `There is no lab at ${file}.`);
  return { text, file };
}
