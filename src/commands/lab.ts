import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Assets } from '../assets/manifests.js';
import { K8slabError } from '../errors/error.js';
import { labJsonSchema } from '../lab/jsonSchema.js';
import type { Cluster } from '../plan/cluster.js';
import { decisionsOf } from '../plan/plan.js';
import { renderLab } from '../render/renderLab.js';
import { adminKubeconfig } from '../secrets/kubeconfig.js';
import { completeSecrets, secretFacts } from '../secrets/secrets.js';
import { vagrantKnows } from '../vagrant/lab.js';
import { shellQuote } from '../vagrant/shell.js';
import { fileStateStore } from '../vagrant/state.js';
import { writeAtomic } from '../write/atomic.js';
import { prepareLabFolder, writeLabFile } from '../write/labFolder.js';
import { reserve } from '../write/labsRegistry.js';
import { withLabLock } from '../write/lock.js';
import { addSecrets, readSecrets, writePrivate } from '../write/secretsStore.js';
import { bundleFactsDocument, clusterDocument, decisionsDocument, writeState } from '../write/stateStore.js';
import { writeLab, type WriteReport } from '../write/writeLab.js';
import { bundleOf, none } from './labBundle.js';
import { readLabFile } from './labText.js';
import { providerOf, type OpenLab } from './openLab.js';
import { earlier, plan, planHere, type Description } from './planHere.js';

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
    const bundle = await bundleOf(description.bundle, paths.dir, known.decisions);
    await writeAtomic(join(paths.state, schemaFile), schemaText(assets), 0o644);
    await writeLabFile(paths.dir, description.text);
    const { cluster } = await reserve(paths.dir, async (others) => {
      const planned = await plan(description, assets, others, known, bundle);
      return { cluster: planned, name: planned.name, hostOnlySubnet: planned.networking.hostOnly.cidr };
    });
    await refuseLostMachines(paths.dir, known.cluster, cluster);

    const { secrets, renewed } = await completeSecrets(cluster, await readSecrets(paths.dir));
    await addSecrets(paths.dir, secrets, renewed);
    const kubeconfig = await adminKubeconfig(cluster, secrets, await readIfThere(paths.kubeconfig));
    if (kubeconfig !== undefined) await writePrivate(paths.kubeconfig, kubeconfig);
    const fromInternet = (description.bundle ?? known.decisions?.bundle) === none;
    const decisions = { ...decisionsOf(cluster), ...(fromInternet && { bundle: none }) };
    await writeState(paths.state, decisionsDocument, decisions);
    if (bundle !== undefined) await writeState(paths.state, bundleFactsDocument, bundle);
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

/**
 * A machine that exists must not vanish from the plan: nothing would ever destroy it. One whose first boot was cut off
 * exists too, and only Vagrant knows of it.
 */
export async function refuseLostMachines(
  folder: string,
  before: Cluster | undefined,
  after: Cluster,
): Promise<void> {
  if (before === undefined) return;
  const lab = { cluster: before, folder };
  const records = await fileStateStore(lab).read();
  const lost = before.machines
    .map(({ name }) => name)
    .filter((name) => !after.machines.some((machine) => machine.name === name))
    .filter((name) => records[name]?.created === true || vagrantKnows(lab, name));
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

/** Reads the description of a lab folder, as its person left it. Throws LAB_NOT_FOUND and what `readLabFile` does. */
export async function descriptionOf(folder: string): Promise<Description> {
  const file = join(folder, 'lab.yaml');
  if (!existsSync(file)) {
    throw new K8slabError('LAB_NOT_FOUND', `There is no lab at ${file}.`, {
      fix: [
        'Put lab.yaml back',
        `or describe the lab anew: k8slab create 1cp-2w --dir ${shellQuote(folder)}`,
      ],
    });
  }
  return { text: await readLabFile(file), file };
}
