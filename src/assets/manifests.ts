import { z } from 'zod';

/**
 * The shapes of the manifests that make a folder of `box-templates/`, `provision-scripts/` or `labs/`
 * something the program finds by itself. Validated when loaded.
 */

const name = z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
const family = z.enum(['apt', 'dnf']);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** One option of a CNI, runtime or bootstrapper, as a lab may set it. */
const option = z.strictObject({
  description: z.string(),
  type: z.enum(['string', 'integer', 'boolean']),
  /** Allowed values, when they can be listed. */
  values: z.array(scalar).optional(),
  default: scalar,
});

/** Something downloaded; `{version}`, `{minor}` and `{arch}` in `url` are filled in by the plan. */
const source = z.strictObject({
  id: name,
  kind: z.enum(['file', 'apt-repository', 'dnf-repository', 'image-registry']),
  url: z.string(),
  version: z.string().optional(),
  /** By architecture (`amd64`, `arm64`), or `any`. */
  sha256: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)).optional(),
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
  /** Only in labs that take their downloads from a bundle. */
  onlyWith: z.literal('bundle').optional(),
  /** Constants the shell text uses. */
  settings: z.array(z.string().regex(/^[A-Z][A-Z0-9_]*$/)).default([]),
  /** Function files of provision-scripts/lib it calls, without `.sh`. */
  library: z.array(name).default([]),
  /** Configuration files it needs: `<template>` beside the manifest, without its `.hbs`, is the file's name. */
  files: z.array(z.string()).default([]),
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
  /** Container images it runs; `{version}` is filled in. */
  images: z.array(z.string()).default([]),
  /** Images that the lab's README tries things with: fetched beforehand where a bundle has them. */
  trialImages: z.array(z.string()).optional(),
  /** Ports it listens on, for the plan's table. */
  ports: z.array(port).optional(),
  steps: z.array(step),
});
export type StepFolderManifest = z.infer<typeof stepFolderManifest>;
export type StepManifest = StepFolderManifest['steps'][number];
export type SourceManifest = StepFolderManifest['sources'][number];
export type OptionManifest = z.infer<typeof option>;

/** How one package manager installs something; of several rules the first that fits the system counts. */
const installRule = z.strictObject({
  manager: z.enum(['apt', 'dnf', 'pacman', 'brew', 'winget']),
  /** Only on these systems: `ID` or `VERSION_CODENAME` of /etc/os-release. */
  on: z.array(z.string()).optional(),
  packages: z.array(z.string()).default([]),
  /** What a person must do instead, or besides. */
  manual: z.string().optional(),
});
export type InstallRule = z.infer<typeof installRule>;

/** Values set in a rendered file: in the YAML documents of a kind, or in a table of TOML. */
const change = z.union([
  z.strictObject({
    /** Name of the file; `*` stands for any characters but `/`. */
    file: z.string(),
    kind: z.string(),
    /** Mappings are merged, lists made longer, everything else replaced. */
    set: z.record(z.string(), z.unknown()),
  }),
  z.strictObject({ file: z.string(), table: z.string(), set: z.record(z.string(), scalar) }),
]);
export type ChangeManifest = z.infer<typeof change>;

/** One entry of `box-templates/<provider>/adaptations.yaml`: what this provider's machines cannot do on some hosts. */
export const adaptationManifest = z.strictObject({
  id: name,
  title: z.string(),
  /** What would happen without the changes: one or two sentences, printed above each of them. */
  why: z.string(),
  link: z.url(),
  /** POSIX shell run on the host: succeeds where the limit is. Absent: it is everywhere. Changes nothing, needs no root. */
  probe: z.string().optional(),
  changes: z.array(change).default([]),
  /** An option's value that cannot work, and the one to take in its place. */
  instead: z
    .array(
      z.strictObject({
        group: z.enum(['cni', 'runtime', 'bootstrap']),
        name,
        option: z.string(),
        value: scalar,
        use: scalar,
      }),
    )
    .default([]),
});
export type AdaptationManifest = z.infer<typeof adaptationManifest>;

/** `box-templates/<provider>/provider.yaml`. */
export const providerManifest = z.strictObject({
  title: z.string(),
  description: z.string(),
  /** Lower is tried first by `provider: auto`. */
  preference: z.int(),
  platforms: z.array(z.enum(['linux', 'darwin', 'win32'])),
  /** Needs hardware virtualisation. */
  virtualization: z.boolean(),
  /** Needs root or sudo on the host. */
  root: z.boolean(),
  /** Machines booted at once; 1 where the provider races. */
  bootAtOnce: z.int().min(1),
  /** Programs that must be on the PATH; the first one identifies the provider. */
  programs: z.array(z.string()),
  vagrantPlugin: z.string().optional(),
  /** How its programs are installed. */
  install: z.array(installRule).default([]),
  defaultBox: z.string(),
  /** Whether the host interface is a bridge that the plan names. */
  bridge: z.boolean(),
  /** Files copied into the lab folder, under `<provider>/`. */
  hostFiles: z.array(z.string()).default([]),
  /** From `adaptations.yaml` beside it. */
  adaptations: z.array(adaptationManifest).optional(),
});
export type ProviderManifest = z.infer<typeof providerManifest>;

/** One entry of `box-templates/catalogue.yaml`. */
export const boxManifest = z.strictObject({
  title: z.string(),
  family,
  providers: z.record(
    z.string(),
    z.strictObject({
      name: z.string(),
      version: z.string().optional(),
      url: z.string().optional(),
      checksum: z.string().optional(),
      /** Recipe folder inside the provider's folder: the box is built on the host. */
      build: z.string().optional(),
    }),
  ),
});
export type BoxManifest = z.infer<typeof boxManifest>;

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
