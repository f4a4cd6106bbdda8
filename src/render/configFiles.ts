import type { Assets } from '../assets/manifests.js';
import type { Cluster, Machine } from '../plan/cluster.js';
import { adaptFile } from './adapt.js';
import { machineContext } from './context.js';
import type { SecretFacts } from './fileTree.js';
import { assetText, fillTemplate } from './templates.js';

/** Configuration files of one machine, by name: templates (`.hbs`) filled in, others as they are, both adapted to the host. */
export function renderConfigFiles(
  cluster: Cluster,
  machine: Machine,
  facts: SecretFacts,
  assets: Assets,
): Map<string, string> {
  const context = machineContext(cluster, machine, facts);
  const files = new Map<string, string>();
  for (const { name, template } of machine.steps.flatMap((step) => step.files)) {
    if (files.has(name)) continue;
    const path = `provision-scripts/${template}`;
    const text = template.endsWith('.hbs') ? fillTemplate(assets, path, context) : assetText(assets, path);
    files.set(name, adaptFile(name, text, cluster.adaptations ?? []));
  }
  return files;
}
