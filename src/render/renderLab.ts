import type { Assets } from '../assets/manifests.js';
import type { Cluster } from '../plan/cluster.js';
import { drawTopology } from '../plan/topology.js';
import { renderConfigFiles } from './configFiles.js';
import type { FileTree, SecretFacts, TreeFile } from './fileTree.js';
import { renderHostFiles } from './hostFiles.js';
import { withMarker } from './marker.js';
import { renderProvisioner } from './provisioner.js';
import { renderReadme } from './readme.js';
import { renderVagrantfile } from './vagrantfile.js';

/** State and secrets of the lab, Vagrant's own state, and files that wait for a person's decision. */
const gitignore = '/.k8slab/\n/.vagrant/\n*.k8slab-new\n';
/** Scripts run on Linux: a checkout on Windows keeps their line ends. */
const gitattributes = '* text=auto eol=lf\n';

/**
 * Every generated file of a lab. Pure: the same cluster, facts and assets give the same bytes.
 * Throws RENDER_VALUE for a value that has no safe form where it is printed, RENDER_ASSET for a missing asset,
 * RENDER_TEMPLATE for a mistake in a template.
 */
export function renderLab(cluster: Cluster, facts: SecretFacts, assets: Assets): FileTree {
  const files = new Map<string, string>([
    ['.gitattributes', gitattributes],
    ['.gitignore', gitignore],
    ['README.md', renderReadme(cluster, assets, drawTopology(cluster).trimEnd())],
    ['Vagrantfile', renderVagrantfile(cluster, assets)],
    ...renderHostFiles(cluster, assets),
  ]);
  for (const machine of cluster.machines) {
    files.set(`provision/${machine.name}.sh`, renderProvisioner(cluster, machine, assets));
    for (const [name, text] of renderConfigFiles(cluster, machine, facts, assets)) {
      files.set(`provision/${machine.name}/${name}`, text);
    }
  }
  const paths = [...files.keys()].sort();
  return new Map(paths.map((path): [string, TreeFile] => [path, treeFile(path, files.get(path) ?? '')]));
}

function treeFile(path: string, text: string): TreeFile {
  return { content: `${withMarker(path, text).trimEnd()}\n`, mode: path.endsWith('.sh') ? 0o755 : 0o644 };
}
