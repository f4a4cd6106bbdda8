import { z } from 'zod';
import { balancerManifest } from './balancerManifest.js';
import { bootstrapManifest } from './bootstrapManifest.js';
import { family, name, option, scalar } from './manifestParts.js';
import type { BoxManifest, ProviderManifest } from './providerManifest.js';
import { runtimeManifest } from './runtimeManifest.js';
import { secretManifest } from './secretManifest.js';

/**
 * The shapes of the manifests that make a folder of `provision-scripts/` something the program finds by itself, and everything that is
 * read with them. Validated when loaded.
 */

const sum = z.string().regex(/^[0-9a-f]{64}$/);

/** Something downloaded; `{version}`, `{minor}` and `{arch}` in `url` are filled in by the plan. */
const source = z.strictObject({
  id: name,
  kind: z.enum(['file', 'apt-repository', 'dnf-repository', 'image-registry']),
  url: z.string(),
  version: z.string().optional(),
  /** By architecture (`amd64`, `arm64`), or `any`. */
  sha256: z.record(z.string(), sum).optional(),
  /** Where the version is that of Kubernetes: the sums of each known one. */
  sha256Of: z.record(z.string(), z.record(z.string(), sum)).optional(),
  keyUrl: z.string().optional(),
  keyFingerprint: z
    .string()
    .regex(/^[0-9A-F]{40}$/)
    .optional(),
  /** Only for boxes of this package family. */
  family: family.optional(),
  /** Only when these options have these values, `cni.version: "3.33.0"` style keys without the group. */
  when: z.record(z.string(), scalar).optional(),
});

/** Which machines run a step. */
const stepTargets = [
  'all',
  'cluster',
  'first-control-plane',
  'other-control-planes',
  'control-planes',
  'workers',
  'load-balancers',
  /** The machines that `balancer` runs on. */
  'balancers',
] as const;

/** Order of a provisioner; steps of one phase keep the order of their manifests. */
export const stepPhases = [
  'base',
  'runtime',
  'packages',
  'balance',
  'bootstrap',
  'network',
  'finish',
] as const;

/**
 * What not every lab has: downloads taken from a bundle; a Kubernetes (`bootstrap` is not `none`); a pod network, so that nodes
 * become Ready (`cni` is not `none`); machines' ranges of pod addresses from the plan, or from the controller manager; more than one
 * control plane.
 */
const stepConditions = [
  'bundle',
  'kubernetes',
  'pod-network',
  'planned-ranges',
  'allocated-ranges',
  'several-control-planes',
] as const;
export type StepCondition = (typeof stepConditions)[number];

const step = z.strictObject({
  /** File `<id>.sh` beside the manifest, or `<id>.apt.sh` and `<id>.dnf.sh` where families differ. */
  id: name,
  title: z.string(),
  /** Why the step exists: one or two sentences, printed above it. */
  why: z.string(),
  link: z.url(),
  phase: z.enum(stepPhases),
  on: z.enum(stepTargets),
  /** Only when these options of this folder have these values. */
  when: z.record(z.string(), scalar).optional(),
  /** Only in labs that have this, or all of these. */
  onlyWith: z.union([z.enum(stepConditions), z.array(z.enum(stepConditions))]).optional(),
  /**
   * For `k8slab box bake`. `kept`: the result depends neither on the machine nor on its lab's networks, and goes into a baked
   * box. `needed`: runs while a box is baked, and its result is removed.
   */
  bake: z.enum(['kept', 'needed']).optional(),
  /** Constants the shell text uses. */
  settings: z.array(z.string().regex(/^[A-Z][A-Z0-9_]*$/)).default([]),
  /** Function files of provision-scripts/lib it calls, without `.sh`. */
  library: z.array(name).default([]),
  /** Configuration files it needs: `<template>` beside the manifest, without its `.hbs`, is the file's name. */
  files: z.array(z.string()).default([]),
});

/** A step of `k8slab reset`: what takes away what this folder's steps, and the programs they started, made on a machine. */
const resetStep = step.pick({
  id: true,
  title: true,
  why: true,
  link: true,
  on: true,
  when: true,
  settings: true,
  library: true,
});

/** Something a machine listens on; `port` is a number, a range, or the number of an IP protocol. */
const port = z.strictObject({
  on: z.enum(['all', 'cluster', 'control-plane', 'worker', 'load-balancer']),
  port: z.string().regex(/^\d+(-\d+)?$/),
  protocol: z.enum(['tcp', 'udp', 'ip']),
  what: z.string(),
  /** Only when these options of this folder have these values. */
  when: z.record(z.string(), scalar).optional(),
});
export type PortManifest = z.infer<typeof port>;

/** `provision-scripts/<group>/<name>/manifest.yaml`, and `base/manifest.yaml`, `kubernetes/manifest.yaml`. */
export const stepFolderManifest = z.strictObject({
  title: z.string(),
  description: z.string(),
  /** Kubernetes minors this was tested with upstream; absent: any. */
  kubernetes: z.array(z.string()).optional(),
  options: z.record(z.string(), option).default({}),
  sources: z.array(source).default([]),
  /** Container images it runs, some only when options of this folder have these values; `{version}` is filled in. */
  images: z
    .array(z.union([z.string(), z.strictObject({ name: z.string(), when: z.record(z.string(), scalar) })]))
    .default([]),
  /** Images that the lab's README tries things with: fetched beforehand where a bundle has them. */
  trialImages: z.array(z.string()).optional(),
  /** Ports it listens on, for the plan's table. */
  ports: z.array(port).optional(),
  /** Only of load balancers. */
  balancer: balancerManifest.optional(),
  /** Only of runtimes, and of all of them. */
  runtime: runtimeManifest.optional(),
  /** Only of bootstrappers that make a cluster. */
  bootstrap: bootstrapManifest.optional(),
  /** What it works with, by names; absent: everything. */
  fits: z
    .strictObject({
      runtime: z.array(name).min(1).optional(),
      loadBalancer: z.array(name).min(1).optional(),
    })
    .optional(),
  /** Keys, certificates and the like that it needs; absent, for a bootstrapper: those that kubeadm shares. */
  secrets: z.array(secretManifest).optional(),
  /** Steps and sources of other folders that it does without, and images that kubeadm would run and it does not. */
  without: z
    .strictObject({
      steps: z.array(z.string()).default([]),
      sources: z.array(z.string()).default([]),
      images: z.array(z.string()).default([]),
    })
    .optional(),
  steps: z.array(step),
  /** The way back to a bare machine, run by `k8slab reset`; absent: nothing of it has to go. */
  reset: z.array(resetStep).optional(),
});
export type StepFolderManifest = z.infer<typeof stepFolderManifest>;
export type StepManifest = StepFolderManifest['steps'][number];
export type ResetStepManifest = z.infer<typeof resetStep>;
export type SourceManifest = StepFolderManifest['sources'][number];

/** A preset: `labs/<name>/lab.yaml`, read but not yet parsed. */
export interface Preset {
  name: string;
  /** Absolute path, for messages. */
  file: string;
  text: string;
}

/** Everything the program ships as data, read once; pure stages receive it as a value. */
export interface Assets {
  /** By folder name, in order of preference. */
  providers: Record<string, ProviderManifest>;
  boxes: Record<string, BoxManifest>;
  base: StepFolderManifest;
  kubernetes: StepFolderManifest;
  runtimes: Record<string, StepFolderManifest>;
  cnis: Record<string, StepFolderManifest>;
  bootstraps: Record<string, StepFolderManifest>;
  loadBalancers: Record<string, StepFolderManifest>;
  presets: Record<string, Preset>;
  /** Kubernetes minors that a lab may ask for, each with its newest patch, the default first; absent: those known. */
  kubernetesVersions?: readonly { minor: string; latest: string }[];
  /**
   * Text of every template and script, by path relative to the package:
   * `provision-scripts/base/names.sh`, `box-templates/Vagrantfile.hbs`.
   */
  texts: Record<string, string>;
}
