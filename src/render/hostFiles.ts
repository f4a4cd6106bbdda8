import { K8slabError } from '../errors/error.js';
import type { Assets } from '../assets/manifests.js';
import type { Cluster } from '../plan/cluster.js';
import { clusterContext } from './context.js';
import { assetText, fillTemplate } from './templates.js';
import { vagrantContext } from './vagrantfile.js';

/** Files that the provider needs on the host, by path in the lab folder: all below `<provider>/`. */
export function renderHostFiles(cluster: Cluster, assets: Assets): Map<string, string> {
  const provider = assets.providers[cluster.provider];
  if (!provider)
    throw new K8slabError('RENDER_ASSET', `box-templates/${cluster.provider}/provider.yaml is missing.`);
  const context = { ...clusterContext(cluster), ...vagrantContext(cluster) };
  return new Map(
    provider.hostFiles.map((file) => {
      const asset = `box-templates/${cluster.provider}/${file}`;
      const text = file.endsWith('.hbs') ? fillTemplate(assets, asset, context) : assetText(assets, asset);
      return [hostFilePath(cluster.provider, file), text];
    }),
  );
}

function hostFilePath(provider: string, file: string): string {
  const name = file.replace(/\.hbs$/, '');
  return name.startsWith(`${provider}/`) ? name : `${provider}/${name}`;
}
