import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadAssets } from '../../../src/assets/load.js';
import { shorthandText } from '../../../src/lab/shorthand.js';
import { renderLab } from '../../../src/render/renderLab.js';
import { facts, goldenCases, planOf, type GoldenCase } from '../../golden/support/cases.js';

/** A lab rendered to disk. */
export interface RenderedLab {
  name: string;
  folder: string;
  /** Paths relative to the folder. */
  files: string[];
}

const assets = await loadAssets();

/** Every preset on every provider, and the choices that no preset makes. */
export function systemCases(): GoldenCase[] {
  const variants: Record<string, string> = {
    '3cp-2w': shorthandText('3cp-2w'),
    '3cp-2w-2lb': shorthandText('3cp-2w-2lb'),
    '2cp-1w-1lb': shorthandText('2cp-1w-1lb'),
    vxlan: 'name: vxlan\nworkers: 1\ncni:\n  name: calico\n  encapsulation: vxlan\n',
    'no-encapsulation': 'name: plain\nworkers: 1\ncni:\n  name: calico\n  encapsulation: none\n',
    'no-cni': 'name: no-cni\nworkers: 1\ncni: none\n',
    distribution: 'name: distribution\nworkers: 1\nruntime:\n  name: containerd\n  install: distribution\n',
    'older-kubernetes': 'name: older\nworkers: 1\nkubernetes:\n  version: "1.35"\n',
    'own-sizes':
      'name: sizes\ncontrolPlanes:\n  count: 1\n  schedulable: true\nworkers:\n  count: 2\n  memory: 3GiB\n  machines:\n    - name: big\n      cpus: 4\n      address: .42\n',
  };
  const more = Object.entries(variants).flatMap(([name, text]) =>
    Object.keys(assets.providers).map((provider) => ({
      name: `${name}-${provider}`,
      text,
      set: [`provider=${provider}`],
    })),
  );
  const rocky = {
    name: 'rocky-9-cni-virtualbox',
    text: `${assets.presets['cni-2n']?.text ?? ''}box: rocky-9\n`,
    set: ['provider=virtualbox'],
  };
  const golden = goldenCases(assets).filter(({ name }) => !more.some((other) => other.name === name));
  return [...golden, ...more, rocky];
}

/** Renders all of them below a new folder, which is the caller's to remove. */
export function renderAll(): { root: string; labs: RenderedLab[] } {
  const root = mkdtempSync(path.join(os.tmpdir(), 'k8slab-system-'));
  const labs = systemCases().map((lab) => {
    const folder = path.join(root, lab.name);
    const cluster = planOf(lab, assets);
    const tree = renderLab(cluster, facts, assets);
    for (const [file, { content, mode }] of tree) {
      const full = path.join(folder, file);
      mkdirSync(path.dirname(full), { recursive: true });
      writeFileSync(full, content);
      chmodSync(full, mode);
    }
    for (const { group, path: file } of cluster.secrets) {
      const full = path.join(folder, '.k8slab', 'secrets', group, file);
      mkdirSync(path.dirname(full), { recursive: true });
      writeFileSync(full, 'not a secret\n');
    }
    return { name: lab.name, folder, files: [...tree.keys()] };
  });
  return { root, labs };
}

/** Files that a shell runs, whatever their names say: by their ending or their first line. */
export function shellFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.endsWith('.hbs') && !file.endsWith('.md'))
    .filter(
      (file) => file.endsWith('.sh') || /^#!.*\b(ba)?sh\b/.test(readFileSync(file, 'utf8').slice(0, 80)),
    );
}
