import { z } from 'zod';
import { family, name, option, scalar } from './manifestParts.js';

/** The shapes of the manifests that make a folder of `box-templates/` a provider, and an entry there a box. Validated when loaded. */

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
  /** Only when these options of the provider have these values. */
  when: z.record(z.string(), scalar).optional(),
  /** `provider: auto` does not take the provider where this limit is. */
  avoid: z.boolean().optional(),
  changes: z.array(change).default([]),
  /** An option's value that cannot work, and the one to take in its place. */
  instead: z
    .array(
      z.strictObject({
        group: z.enum(['cni', 'runtime', 'bootstrap', 'provider']),
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
  /** ssh answers on the planned address, port 22, and takes the key of every box: Vagrant need not be asked. */
  directSsh: z.boolean().optional(),
  /** Programs that must be on the PATH; the first one identifies the provider. */
  programs: z.array(z.string()),
  vagrantPlugin: z.string().optional(),
  /** What a lab may set beside its name, as in `provider: {name: libvirt, uri: …}`. */
  options: z.record(z.string(), option).optional(),
  /** Range of the first adapter, where that is not 10.0.2.0/24 with 10.0.2.15 on every machine. */
  nat: z.strictObject({ cidr: z.string() }).optional(),
  /** How its programs are installed. */
  install: z.array(installRule).default([]),
  defaultBox: z.string(),
  /** Whether the host interface is a bridge that the plan names. */
  bridge: z.boolean(),
  /** Recipe folder inside the provider's folder whose `pack.sh` makes a box of a machine; absent: boxes cannot be baked. */
  bake: z.string().optional(),
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
