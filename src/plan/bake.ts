import { createHash } from 'node:crypto';
import type { Assets } from '../assets/manifests.js';
import { matchesFile } from './adaptations.js';
import type { Cluster, PlannedBox, PlanNote } from './cluster.js';
import type { BakedBox, Decisions, HostFacts } from './host.js';
import { variablesIn } from './provisioners.js';

/** What a box must have inside for a lab to start from it. */
export interface BakingNeeds {
  /** sha256 over the box it is made from and everything that decides the result of the steps that are kept. */
  key: string;
  images: string[];
}

/** The machine that stands for all when a box is baked: the one that needs most. */
export function machineToBake<T extends Pick<Cluster['machines'][number], 'role'>>(
  machines: readonly T[],
): T | undefined {
  return machines.find(({ role }) => role !== 'load-balancer');
}

/**
 * What a baked box for this lab has inside; nothing when the lab has no step whose result could be kept. Images are told
 * apart from the rest: a box with more of them fits as well. `cluster` has an ordinary box.
 */
export function bakingNeeds(cluster: Cluster, texts: Assets['texts']): BakingNeeds | undefined {
  const machine = machineToBake(cluster.machines);
  const steps = (machine?.steps ?? [])
    .filter(({ bake }) => bake === 'kept')
    .map(({ id, script, files }) => ({ id, text: texts[`provision-scripts/${script}`] ?? '', files }))
    .filter(({ text }) => !variablesIn(text).includes('IMAGES'));
  if (machine === undefined || steps.length === 0) return undefined;
  const read = new Set(steps.flatMap(({ text }) => variablesIn(text)));
  const files = steps.flatMap((step) => step.files);
  const document = {
    schema: 1,
    provider: cluster.provider,
    box: cluster.box,
    steps: steps.map(({ id, text }) => [id, text]),
    files: files.map(({ name, template }) => [name, texts[`provision-scripts/${template}`]]),
    changes: (cluster.adaptations ?? [])
      .flatMap(({ changes }) => changes)
      .filter((change) => files.some(({ name }) => matchesFile(change.file, name))),
    options: cluster.runtime.options,
    settings: machine.settings.filter(({ name }) => read.has(name)).map(({ name, value }) => [name, value]),
  };
  return {
    key: createHash('sha256').update(JSON.stringify(document)).digest('hex'),
    images: [...(cluster.kubernetes ? (cluster.bundle?.images ?? cluster.images) : [])].sort(),
  };
}

/** Whether a lab with these needs can start from a box. */
export function fits(box: BakedBox, cluster: Pick<Cluster, 'provider'>, needs: BakingNeeds): boolean {
  return (
    box.provider === cluster.provider &&
    box.key === needs.key &&
    needs.images.every((image) => box.images.includes(image))
  );
}

/** The fitting box that was baked last. */
export function fittingBox(
  cluster: Pick<Cluster, 'provider'>,
  needs: BakingNeeds | undefined,
  boxes: readonly BakedBox[] = [],
): BakedBox | undefined {
  if (needs === undefined) return undefined;
  return boxes
    .filter((box) => fits(box, cluster, needs))
    .sort((one, other) => (one.created < other.created ? 1 : -1))[0];
}

/**
 * The plan with a baked box in place of the ordinary one: for a new lab the fitting one that was made last, for a lab with
 * decisions the one that it has. `wanted` false: never one; true: also for a lab that was planned without.
 */
export function withBakedBox(
  cluster: Cluster,
  texts: Assets['texts'],
  host: Pick<HostFacts, 'bakedBoxes'>,
  decisions: Decisions | undefined,
  wanted: boolean | undefined,
): Cluster {
  if (wanted === false) return cluster;
  const decided = decisions?.bakedBox;
  if (decided === undefined && decisions !== undefined && wanted !== true) return cluster;
  const boxes = host.bakedBoxes ?? [];
  const needs = bakingNeeds(cluster, texts);
  const own = boxes.filter(({ version }) => version === decided);
  const found = fittingBox(cluster, needs, own) ?? fittingBox(cluster, needs, boxes);
  if (found !== undefined) return { ...cluster, box: bakedForm(cluster.box, found) };
  if (decided === undefined) return wanted === true ? noted(cluster, noneFits) : cluster;
  return noted(cluster, {
    code: 'PLAN_BOX_BAKED_GONE',
    message:
      'The baked box of this lab is not there any more, or does not fit the lab any more: machines that are' +
      ` made from now on start from ${cluster.box.name}. Another one: k8slab box bake`,
  });
}

const noneFits: PlanNote = {
  code: 'PLAN_BOX_BAKED_NONE',
  message: 'No baked box fits this lab, so it starts from the ordinary one. Make one: k8slab box bake',
};

function noted(cluster: Cluster, note: PlanNote): Cluster {
  return { ...cluster, warnings: [...cluster.warnings, note] };
}

function bakedForm(
  { key, family, user }: PlannedBox,
  { name, version, from, created }: BakedBox,
): PlannedBox {
  return { key, name, version, family, baked: { from, created }, user };
}

/** What a box baked for this plan is called: `k8slab/debian-12-kubernetes-1.36.3`. */
export function bakedName({ box, kubernetes, runtime }: Cluster): string {
  return `${box.name}-${kubernetes ? `kubernetes-${kubernetes.version}` : runtime.name}`;
}
