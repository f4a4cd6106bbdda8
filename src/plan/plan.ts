import type { Assets } from '../assets/manifests.js';
import type { ParsedLab } from '../lab/lab.js';
import { adaptOptions, limitsOf, planAdaptations } from './adaptations.js';
import { assignAddresses } from './addresses.js';
import { machineToBake, withBakedBox } from './bake.js';
import { chooseBalancing, planLoadBalancer, withBalancers } from './balancing.js';
import { chooseBox } from './box.js';
import { bundleTable, mirrorPort, type BundleFacts } from './bundle.js';
import { reportLacks, reportUnfit } from './bundleLacks.js';
import { chooseFolders, hasKubernetes, type ChosenFolder } from './choices.js';
import type { Cluster, PackageFamily, PlannedBundle, PlannedChoice } from './cluster.js';
import { planEndpoint } from './endpoint.js';
import type { Decisions, HostFacts } from './host.js';
import { planMachines, withPodRanges, type BareMachine } from './machines.js';
import { chooseHostOnly, noteHiddenNetworks, planNetworking } from './network.js';
import { addNotes, linkMtu } from './notes.js';
import { planPorts } from './ports.js';
import { allocatesNodeRanges, planBootstrap } from './programs.js';
import { Problems } from './problems.js';
import { inOrder, planProvisioners } from './provisioners.js';
import { chooseProvider } from './provider.js';
import { adaptProvider, providerOptions } from './providerOptions.js';
import type { BareCluster } from './settings.js';
import { referSecrets, secretGroupsOf } from './secretReferences.js';
import { imagesOf, planSources, versionOf } from './sources.js';
import { doesWithout, kubeadmImages, planKubernetes, reportUnsummed } from './versions.js';

/** The one machine of a plan for baking. */
const bakingMachine = 'box';

/** What a plan is for, when not for a lab as it comes. */
export interface PlanPurpose {
  /** Whether the lab may start from a baked box; absent: a new lab may, others keep what they have. */
  baked?: boolean | undefined;
  /** The plan is for baking a box: one machine, and those steps whose results a box may hold. */
  baking?: boolean;
}

/**
 * Plans a lab: everything its files, its machines and their checks need, literally. The same input gives the same
 * plan. `decisions` are those of an earlier plan of the same folder; what they settled stays. With a bundle, `assets` are
 * those that `withBundle` gives.
 * Throws K8slabErrors with everything that is wrong, each pointing at the line that says so.
 */
export function planCluster(
  parsed: ParsedLab,
  host: HostFacts,
  assets: Assets,
  decisions?: Decisions,
  bundle?: BundleFacts,
  { baked, baking = false }: PlanPurpose = {},
): Cluster {
  const { lab } = parsed;
  const problems = new Problems(parsed.source);

  const provider = chooseProvider(lab, host, assets, decisions, problems);
  const box = provider && chooseBox(lab, provider, assets, problems);
  const written = provider ? providerOptions(lab, provider) : {};
  const limits = limitsOf(provider, host, written);
  const ofProvider = provider ? adaptProvider(lab, provider, limits, problems) : {};
  const wanted = chooseFolders(lab, assets, problems);
  const folders = wanted && adaptOptions(wanted, lab, limits, problems);
  const kubernetes = hasKubernetes(lab) ? planKubernetes(lab, folders, assets, problems) : undefined;
  const hostOnly = chooseHostOnly(lab, provider, host, decisions, problems);
  noteHiddenNetworks(lab, host, problems);
  const balancing = chooseBalancing(lab, folders);
  const addresses = hostOnly && assignAddresses(lab, hostOnly, balancing, problems);
  const named = addresses && withBalancers(planMachines(lab, addresses, problems), balancing);
  const routed = folders !== undefined && routesFromPlan(folders.cni, assets);
  const ranges = routed && !allocatesNodeRanges(folders.bootstrap);
  const ranged = named && ranges ? withPodRanges(lab, named, problems) : named;
  const endpoint = addresses && hasKubernetes(lab) ? planEndpoint(lab, addresses, balancing) : undefined;
  addNotes(lab, endpoint, problems);

  problems.throwIfAny();
  if (!provider || !box || !folders || !hostOnly || !ranged)
    throw new Error('a plan failed without saying why');

  const { mtu } = lab.networking;
  const family = box.family;
  const chosen = inOrder(folders);
  const table = bundle && bundleTable(bundle);
  const sources = planSources(chosen, family, kubernetes, table);
  // Without Kubernetes nothing pulls images.
  const images = unique(
    kubernetes
      ? [
          ...kubeadmImages(kubernetes, table).filter((image) => !doesWithout(folders.bootstrap, image)),
          ...chosen.flatMap((folder) => imagesOf(folder, family, kubernetes, table)),
        ]
      : [],
  );
  reportUnsummed(sources, kubernetes, problems);
  if (bundle && table) {
    reportUnfit(bundle, host, problems);
    reportLacks(bundle, table, { folders, kubernetes, sources, images }, assets, problems);
  }
  problems.throwIfAny();
  const adaptations = planAdaptations(limits, wanted, written);
  const trials = chosen
    .flatMap(({ manifest }) => manifest.trialImages ?? [])
    .filter((name) => table?.hasImage(name));
  const networking = planNetworking(
    lab,
    hostOnly,
    provider,
    mtu === 'auto' ? (routed ? linkMtu : undefined) : mtu,
  );
  const { bootstrap } = folders;
  const secrets = referSecrets(lab, { bootstrap, machines: ranged, endpoint, networking });
  const machines = ranged.map((machine) => ({ ...machine, secretGroups: secretGroupsOf(machine, secrets) }));
  const loadBalancer = planLoadBalancer(
    balancing,
    endpoint,
    ranged,
    networking,
    balancing ? imagesOf(balancing.folder, family, kubernetes, table) : [],
  );
  const bare = {
    schema: 1 as const,
    name: lab.name,
    description: lab.description,
    provider: provider.name,
    ...(Object.keys(ofProvider).length > 0 && { providerOptions: ofProvider }),
    box,
    ...(kubernetes && { kubernetes }),
    bootstrap: planBootstrap(planChoice(folders.bootstrap, family), folders.bootstrap),
    runtime: {
      ...planChoice(folders.runtime, family),
      ...(folders.runtime.manifest.runtime && { service: folders.runtime.manifest.runtime }),
    },
    cni: planChoice(folders.cni, family),
    ...(loadBalancer && { loadBalancer }),
    networking,
    ...(endpoint && { endpoint }),
    machines,
    sources: sources.sources,
    images,
    secrets,
    ports: planPorts(new Set(machines.map(({ role }) => role)), chosen, {
      endpoint,
      loadBalancer,
    }),
    totals: totalsOf(machines),
    warnings: [...parsed.warnings.map(({ code, message }) => ({ code, message })), ...problems.notes],
    ...(adaptations.length > 0 && { adaptations }),
    ...(bundle &&
      table && {
        bundle: planBundle(
          bundle,
          networking.hostOnly.hostAddress,
          unique([...images, ...(kubernetes ? trials : [])]),
        ),
      }),
  };
  if (baking) return planProvisioners(forBaking(bare), folders, sources, assets, true);
  const planned = planProvisioners(bare, folders, sources, assets);
  return withBakedBox(planned, assets.texts, host, decisions, baked);
}

/** One machine without secrets stands for all. */
function forBaking(bare: BareCluster): BareCluster {
  const machine = machineToBake(bare.machines);
  return {
    ...bare,
    machines: machine ? [{ ...machine, name: bakingMachine, secretGroups: [], routes: [] }] : [],
    secrets: [],
  };
}

/** What an earlier plan settled for its folder, to be handed to the next one. */
export function decisionsOf(cluster: Cluster): Decisions {
  return {
    provider: cluster.provider,
    hostOnlySubnet: cluster.networking.hostOnly.cidr,
    ...(cluster.bundle && { bundle: cluster.bundle.location }),
    ...(cluster.box.baked && cluster.box.version !== undefined && { bakedBox: cluster.box.version }),
  };
}

/** A folder is served on the host's own address of the lab's network; a URL is where it is. */
function planBundle(bundle: BundleFacts, hostAddress: string, images: string[]): PlannedBundle {
  const { location, document } = bundle;
  const served = /^https?:/i.test(location);
  return {
    name: document.name,
    location,
    mirror: served ? location : `http://${hostAddress}:${mirrorPort}`,
    ...(!served && { port: mirrorPort }),
    images,
    registries: unique(document.images.map(({ name }) => name.split('/')[0] ?? name)).sort(),
  };
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)];
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
