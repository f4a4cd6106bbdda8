import { loadAssets } from '../../../src/assets/load.js';
import { minorOf } from '../../../src/lab/versions.js';
import { renderLab } from '../../../src/render/renderLab.js';
import { facts, planOf } from '../../golden/support/cases.js';
import { systemCases } from './labs.js';

/** One configuration of kubeadm, as a machine hands it over. */
export interface Configuration {
  /** The first lab and file with this text. */
  from: string;
  text: string;
}

const assets = await loadAssets();
const known = new Map<string, Configuration[]>();

/**
 * Every configuration of kubeadm that is rendered for this version of Kubernetes, for each preset, provider and role. Labs
 * of a runtime or CNI without a release for that minor are left out.
 * Equal texts count once; the token is filled in as the machine does it.
 */
export function configurations(version: string): Configuration[] {
  const before = known.get(version);
  if (before !== undefined) return before;
  const minor = minorOf(version) ?? '';
  const texts = new Map<string, Configuration>();
  for (const lab of systemCases()) {
    const { bootstrap, runtime, cni } = planOf(lab, assets);
    if (lab.name.startsWith('older-kubernetes') || bootstrap.name !== 'kubeadm') continue;
    const minors = [assets.runtimes[runtime.name]?.kubernetes, assets.cnis[cni.name]?.kubernetes];
    if (minors.some((tested) => tested?.includes(minor) === false)) continue;
    const cluster = planOf({ ...lab, set: [...lab.set, `kubernetes.version=${version}`] }, assets);
    for (const [file, { content }] of renderLab(cluster, facts, assets)) {
      if (!/\/kubeadm-[a-z-]+\.yaml$/.test(file)) continue;
      const text = content.replaceAll('@BOOTSTRAP_TOKEN@', 'abcdef.0123456789abcdef');
      if (!texts.has(text)) texts.set(text, { from: `${lab.name}/${file}`, text });
    }
  }
  known.set(version, [...texts.values()]);
  return [...texts.values()];
}
