import type { Assets } from '../assets/manifests.js';
import type { ParsedLab } from '../lab/lab.js';
import { assignAddresses } from './addresses.js';
import { chooseBox } from './box.js';
import { chooseFolders, hasKubernetes, type ChosenFolder } from './choices.js';
import type { Cluster, PackageFamily, PlannedChoice } from './cluster.js';
import { planEndpoint } from './endpoint.js';
import type { Decisions, HostFacts } from './host.js';
import { planMachines, withPodRanges, type BareMachine } from './machines.js';
import { chooseHostOnly, noteHiddenNetworks, planNetworking } from './network.js';
import { addNotes, linkMtu } from './notes.js';
import { planPorts } from './ports.js';
import { Problems } from './problems.js';
import { inOrder, planProvisioners } from './provisioners.js';
import { chooseProvider } from './provider.js';
import { referSecrets } from './secretReferences.js';
import { imagesOf, planSources, versionOf } from './sources.js';
import { kubeadmImages, planKubernetes } from './versions.js';

/**
 * Plans a lab: everything its files, its machines and their checks need, literally. The same input gives the same
 * plan. `decisions` are those of an earlier plan of the same folder; what they settled stays.
 * Throws K8slabErrors with everything that is wrong, each pointing at the line that says so.
 */
export function planCluster(
  parsed: ParsedLab,
  host: HostFacts,
  assets: Assets,
  decisions?: Decisions,
): Cluster {
  const { lab } = parsed;
  const problems = new Problems(parsed.source);

  const provider = chooseProvider(lab, host, assets, decisions, problems);
  const box = provider && chooseBox(lab, provider, assets, problems);
  const folders = chooseFolders(lab, assets, problems);
  const kubernetes = hasKubernetes(lab) ? planKubernetes(lab, folders, problems) : undefined;
  const hostOnly = chooseHostOnly(lab, provider, host, decisions, problems);
  noteHiddenNetworks(lab, host, problems);
  const addresses = hostOnly && assignAddresses(lab, hostOnly, problems);
  const secrets = referSecrets(lab);
  const named = addresses && planMachines(lab, addresses, secrets, problems);
  const routed = folders !== undefined && routesFromPlan(folders.cni, assets);
  const machines = named && routed ? withPodRanges(lab, named, problems) : named;
  const endpoint = addresses && hasKubernetes(lab) ? planEndpoint(addresses) : undefined;
  addNotes(lab, endpoint, problems);

  problems.throwIfAny();
  if (!provider || !box || !folders || !hostOnly || !machines)
    throw new Error('a plan failed without saying why');

  const { mtu } = lab.networking;
  const family = box.family;
  const chosen = inOrder(folders);
  const sources = planSources(chosen, family, kubernetes);
  // Without Kubernetes nothing pulls images.
  const images = kubernetes
    ? [...kubeadmImages(kubernetes), ...chosen.flatMap((folder) => imagesOf(folder, family, kubernetes))]
    : [];
  const bare = {
    schema: 1 as const,
    name: lab.name,
    description: lab.description,
    provider: provider.name,
    box,
    ...(kubernetes && { kubernetes }),
    bootstrap: planChoice(folders.bootstrap, family),
    runtime: planChoice(folders.runtime, family),
    cni: planChoice(folders.cni, family),
    networking: planNetworking(
      lab,
      hostOnly,
      provider,
      mtu === 'auto' ? (routed ? linkMtu : undefined) : mtu,
    ),
    ...(endpoint && { endpoint }),
    machines,
    sources: sources.sources,
    images: [...new Set(images)],
    secrets,
    ports: planPorts(new Set(machines.map(({ role }) => role)), chosen, {
      kubernetes: endpoint !== undefined,
      virtual: endpoint?.kind === 'vip',
    }),
    totals: totalsOf(machines),
    warnings: [...parsed.warnings.map(({ code, message }) => ({ code, message })), ...problems.notes],
  };
  return planProvisioners(bare, folders, sources, assets);
}

/** What an earlier plan settled for its folder, to be handed to the next one. */
export function decisionsOf(cluster: Cluster): Decisions {
  return { provider: cluster.provider, hostOnlySubnet: cluster.networking.hostOnly.cidr };
}

/**
 * Whether a CNI takes each machine's pod range and routes from the plan: a step or file of its folder reads them.
 * Others hand out ranges by themselves.
 */
function routesFromPlan(cni: ChosenFolder, assets: Assets): boolean {
  const settings = cni.manifest.steps.flatMap((step) => step.settings);
  const templates = cni.manifest.steps.flatMap((step) => step.files);
  return (
    ['POD_CIDR', 'POD_GATEWAY', 'PEER_ROUTES'].some((name) => settings.includes(name)) ||
    templates.some((file) =>
      /\bmachine\.(podCidr|podGateway|routes)\b/.test(
        assets.texts[`provision-scripts/${cni.path}/${file}`] ?? '',
      ),
    )
  );
}

function planChoice(folder: ChosenFolder, family: PackageFamily): PlannedChoice {
  const version = versionOf(folder, family);
  return { name: folder.name, ...(version !== undefined && { version }), options: folder.options };
}

function totalsOf(machines: readonly BareMachine[]): Cluster['totals'] {
  const sum = (of: (machine: BareMachine) => number): number =>
    machines.reduce((total, machine) => total + of(machine), 0);
  return {
    machines: machines.length,
    cpus: sum(({ cpus }) => cpus),
    memoryMiB: sum(({ memoryMiB }) => memoryMiB),
    diskGiB: sum(({ diskGiB }) => diskGiB),
  };
}
