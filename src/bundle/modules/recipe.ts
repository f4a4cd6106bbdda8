import { z } from 'zod';

/**
 * The recipes of `box-templates/bundle/`: what a bundle from modules consists of, one file a component.
 *
 * A reference names a file by where it comes from: `programs/<name>` (built, or out of an added archive), `source/<path>`
 * (of the module), `archive/<path>`, `debian/<path>` or `asset/<path>` (beside the recipes).
 * Texts may hold `{version}`, `{major}`, `{minor}`, `{minorNumber}` and `{arch}`.
 */
const reference = z.string().regex(/^(programs|source|archive|debian|asset)\/[^\0]+$/);
/** Relative, so that nothing lands outside. */
const inside = z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$)).*$/);

/** Programs built from one Go module. Without cgo, so that they run anywhere. */
export const goBuildRecipe = z
  .strictObject({
    module: z.string().optional(),
    /** Instead of a module: a folder beside the recipes. */
    asset: z.string().optional(),
    /** Where it differs from the component's. */
    version: z.string().optional(),
    /** Estimated, for two processors and nothing cached. */
    seconds: z.number(),
    /** Program to package, relative to the module. */
    programs: z.record(z.string(), z.string()),
    /** Values of string variables, set by the linker. */
    variables: z.record(z.string(), z.string()).default({}),
    tags: z.array(z.string()).default([]),
    staging: z.boolean().default(false),
    replace: z.record(z.string(), z.string()).default({}),
    /** Files of the module with another text, or left out. */
    change: z.record(inside, z.string().nullable()).default({}),
    /** Files of the module that other parts of the recipe refer to. */
    keep: z.array(inside).default([]),
  })
  .refine(
    (build) => (build.module === undefined) !== (build.asset === undefined),
    'needs either module or asset',
  );

const file = z.strictObject({
  from: reference,
  to: inside,
  /** By default as the file is. */
  executable: z.boolean().optional(),
  /** A file of a package that a person may edit. */
  configuration: z.boolean().optional(),
});

export const debPackageRecipe = z.strictObject({
  name: z.string(),
  version: z.string(),
  /** Host and path of the repository that has it upstream; absent: Kubernetes' own. */
  repository: inside.optional(),
  summary: z.string(),
  depends: z.array(z.string()).default([]),
  files: z.array(file),
  folders: z.array(inside).default([]),
  /** Every program of the component goes into this folder. */
  allPrograms: inside.optional(),
  afterInstall: reference.optional(),
});

const download = z.strictObject({
  /** Host and path that it has upstream. */
  path: inside,
  /** One file as it is, or a compressed tar of `entries`. */
  from: reference.optional(),
  entries: z.record(inside, reference).optional(),
  allPrograms: inside.optional(),
});

const image = z.strictObject({
  name: z.string().regex(/^[a-z0-9.-]+(:\d+)?\/[a-z0-9._/-]+$/),
  /** Without: the tag by which kubeadm or a manifest asks for it. */
  tags: z.array(z.string()).optional(),
  root: z.string().optional(),
  files: z.array(file).default([]),
  trees: z.array(z.strictObject({ from: reference, to: inside })).default([]),
  folders: z.array(inside).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  entrypoint: z.array(z.string()).default([]),
  workingFolder: z.string().optional(),
  stopSignal: z.string().optional(),
});

export const componentRecipe = z.strictObject({
  title: z.string(),
  version: z
    .strictObject({
      default: z.string(),
      /** kubeadm's image of this name says the version. */
      image: z.string().optional(),
    })
    .optional(),
  go: z.array(goBuildRecipe).default([]),
  /** An archive given with --add; it is recognised by what it holds. Without `go`, the component is only there with it. */
  archive: z
    .strictObject({
      has: z.array(inside).min(1),
      versionOfImage: z.string().optional(),
      /** Expression on the archive's file name. */
      versionOfName: z.string().optional(),
      programs: z.record(z.string(), inside).default({}),
    })
    .optional(),
  /** A package of Debian, not installed but unpacked. */
  debian: z
    .strictObject({ suite: z.string(), package: z.string(), seconds: z.number(), keep: z.array(inside) })
    .optional(),
  /** Said when neither module nor archive can be had; the component's packages are then made empty. */
  whenMissing: z.string().optional(),
  /** Kubernetes manifests whose `image:` lines give tags. */
  manifests: z.array(reference).default([]),
  packages: z.array(debPackageRecipe).default([]),
  downloads: z.array(download).default([]),
  images: z.array(image).default([]),
});

export const rootRecipe = z.strictObject({
  title: z.string(),
  seconds: z.number(),
  suite: z.string(),
  extends: z.string().optional(),
  packages: z.array(z.string()).min(1),
  remove: z.array(inside).default([]),
});

export type ComponentRecipe = z.infer<typeof componentRecipe>;
export type GoBuild = z.infer<typeof goBuildRecipe>;
export type DebPackage = z.infer<typeof debPackageRecipe>;
export type Download = z.infer<typeof download>;
export type ImageRecipe = z.infer<typeof image>;
export type FileRecipe = z.infer<typeof file>;
export type RootRecipe = z.infer<typeof rootRecipe>;

export interface Recipes {
  /** Absolute path of `box-templates/bundle`. */
  folder: string;
  /** By file name; `kubernetes` first, for it says what others must be. */
  components: Record<string, ComponentRecipe>;
  roots: Record<string, RootRecipe>;
}
