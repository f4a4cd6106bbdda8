import path from 'node:path';
import { z } from 'zod';
import { K8slabError, K8slabErrors } from '../errors/error.js';
import { stepFolderManifest, type Assets, type Preset, type StepFolderManifest } from './manifests.js';
import { adaptationManifest, boxManifest, providerManifest } from './providerManifest.js';
import { parseManifest } from './parse.js';

const catalogueFile = 'box-templates/catalogue.yaml';
const catalogueManifest = z.record(z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/), boxManifest);

/**
 * Makes Assets of the texts of a package's asset folders (path to text, as `readAssetTexts` gives them).
 * A folder becomes a provider, step folder or preset by having `provider.yaml`, `manifest.yaml` or `lab.yaml`.
 * Throws K8slabErrors that hold every mistake of every manifest.
 */
export function assembleAssets(root: string, files: ReadonlyMap<string, string>): Assets {
  const errors: K8slabError[] = [];
  const attempt = <T>(file: string, schema: z.ZodType<T>): T | undefined => {
    const text = files.get(file);
    if (text === undefined) {
      errors.push(new K8slabError('RENDER_ASSET', `${file} is missing.`));
      return undefined;
    }
    try {
      return parseManifest(file, text, schema);
    } catch (error) {
      if (!(error instanceof K8slabErrors)) throw error;
      errors.push(...error.errors);
      return undefined;
    }
  };
  /** Folders directly below `parent` that hold `marker`, by name. */
  const folders = <T>(parent: string, marker: string, schema: z.ZodType<T>): Record<string, T> => {
    const found: [string, T][] = [];
    for (const file of files.keys()) {
      const parts = file.split('/');
      const name = parts.at(-2);
      if (name === undefined || file !== `${parent}/${name}/${marker}`) continue;
      const manifest = attempt(file, schema);
      if (manifest !== undefined) found.push([name, manifest]);
    }
    return Object.fromEntries(found);
  };
  const steps = (group: string): Record<string, StepFolderManifest> =>
    folders(`provision-scripts/${group}`, 'manifest.yaml', stepFolderManifest);

  const empty: StepFolderManifest = {
    title: '',
    description: '',
    options: {},
    sources: [],
    images: [],
    steps: [],
  };
  const providers = Object.entries(folders('box-templates', 'provider.yaml', providerManifest));
  const adaptations = folders('box-templates', 'adaptations.yaml', z.array(adaptationManifest));
  for (const [name, provider] of providers) provider.adaptations = adaptations[name];
  const assets: Assets = {
    providers: Object.fromEntries(providers.sort(([, a], [, b]) => a.preference - b.preference)),
    boxes: attempt(catalogueFile, catalogueManifest) ?? {},
    base: attempt('provision-scripts/base/manifest.yaml', stepFolderManifest) ?? empty,
    kubernetes: attempt('provision-scripts/kubernetes/manifest.yaml', stepFolderManifest) ?? empty,
    runtimes: steps('runtime'),
    cnis: steps('cni'),
    bootstraps: steps('bootstrap'),
    loadBalancers: steps('load-balancer'),
    presets: presets(root, files),
    texts: Object.fromEntries([...files].filter(([file]) => !isManifest(file))),
  };
  if (errors.length > 0) throw new K8slabErrors(errors);
  return assets;
}

function presets(root: string, files: ReadonlyMap<string, string>): Record<string, Preset> {
  const found: [string, Preset][] = [];
  for (const [file, text] of files) {
    const name = /^labs\/([^/]+)\/lab\.yaml$/.exec(file)?.[1];
    if (name !== undefined) found.push([name, { name, file: path.join(root, file), text }]);
  }
  return Object.fromEntries(found);
}

function isManifest(file: string): boolean {
  return /\/(manifest|provider|adaptations|catalogue|lab)\.yaml$/.test(file);
}
