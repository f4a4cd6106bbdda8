import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { loadAssets } from '../../../src/assets/load.js';
import { parseLab } from '../../../src/lab/parse.js';
import { shorthandText } from '../../../src/lab/shorthand.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import { planCluster } from '../../../src/plan/plan.js';
import type { FileTree } from '../../../src/render/fileTree.js';
import { renderLab } from '../../../src/render/renderLab.js';
import { K8slabError } from '../../../src/errors/error.js';
import { facts, host } from '../../golden/support/cases.js';
import { decodeRuby, hostile, program } from './support/languages.js';

/** Validation would refuse all of these values long before; here they slip past it and meet the renderer alone. */
const assets = await loadAssets();
const plan = (text: string): Cluster =>
  planCluster(parseLab(text, 'lab.yaml', assets, { set: ['provider=virtualbox'] }), host, assets);
const kubeadm = plan(shorthandText('2cp-1w-2lb'));
const bridge = plan(assets.presets['cni-2n']?.text ?? '');

const oneLine = hostile.filter((value) => !value.includes('\n'));
const shells = ['sh', 'bash'].filter((shell) => program(shell));

function changed(cluster: Cluster, change: (copy: Cluster) => void): FileTree {
  const copy = structuredClone(cluster);
  change(copy);
  return renderLab(copy, facts, assets);
}

const content = (tree: FileTree, file: string): string => tree.get(file)?.content ?? '';

/** The lines of a provisioner that set its constants. */
function settingsBlock(script: string): string {
  const start = script.indexOf('\nreadonly ');
  return script.slice(start, script.indexOf('\n# -----', start));
}

describe('hostile values', () => {
  (shells.length === 0 ? test.skip : test)(
    'reach the constants of a provisioner exactly as they are, in real shells',
    () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'k8slab-hostile-'));
      try {
        const tree = changed(kubeadm, (cluster) => {
          const settings = cluster.machines.find(({ name }) => name === 'cp1')?.settings ?? [];
          hostile.forEach((value, index) => settings.push({ name: `HOSTILE_${index}`, value, group: value }));
        });
        const names = hostile.map((_, index) => `HOSTILE_${index}`);
        const block = settingsBlock(content(tree, 'provision/cp1.sh'));
        const script = path.join(folder, 'settings.sh');
        writeFileSync(script, `${block}\nprintf '%s\\0' ${names.map((name) => `"$${name}"`).join(' ')}\n`);
        for (const shell of shells) {
          const output = execFileSync(shell, [script], { encoding: 'utf8', cwd: folder });
          expect([shell, ...output.split('\0').slice(0, -1)]).toEqual([shell, ...hostile]);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  test.each(oneLine)('%j in the Vagrantfile is one literal of Ruby', (value) => {
    const vagrantfile = content(
      changed(kubeadm, (cluster) => {
        cluster.box = { ...cluster.box, name: value, url: value };
      }),
      'Vagrantfile',
    );
    for (const setting of ['box', 'box_url']) {
      const [, literal = ''] =
        new RegExp(`^ {2}config\\.vm\\.${setting} = (.*)$`, 'm').exec(vagrantfile) ?? [];
      expect(decodeRuby(literal)).toBe(value);
    }
  });

  test.each(oneLine)('%j in kubeadm’s YAML is one scalar', (value) => {
    const tree = changed(kubeadm, (cluster) => {
      cluster.networking.dnsDomain = value;
      if (cluster.endpoint) cluster.endpoint.hostPort = value;
    });
    const documents = parseAllDocuments(content(tree, 'provision/cp1/kubeadm-init.yaml')).map(
      (document) => document.toJS() as Record<string, unknown>,
    );
    expect(documents.find(({ kind }) => kind === 'ClusterConfiguration')).toMatchObject({
      controlPlaneEndpoint: value,
      networking: { dnsDomain: value },
    });
  });

  test.each(oneLine)('%j in the CNI’s JSON is one string', (value) => {
    const tree = changed(bridge, (cluster) => {
      for (const machine of cluster.machines) machine.podGateway = value;
      for (const machine of cluster.machines) machine.podCidr = '10.12.1.0/24';
    });
    const list = parse(content(tree, 'provision/node1/10-k8slab.conflist')) as {
      plugins: { ipam?: { ranges: unknown } }[];
    };
    expect(list.plugins[0]?.ipam?.ranges).toEqual([[{ subnet: '10.12.1.0/24', gateway: value }]]);
  });

  test.each(['a b', '"; reboot #', '$(id)', 'a\nserver x', ''])(
    '%j is refused where a format has no quoting',
    (value) => {
      expect(() =>
        changed(bridge, (cluster) => {
          for (const machine of cluster.machines) for (const route of machine.routes) route.via = value;
        }),
      ).toThrow(expect.objectContaining({ code: 'RENDER_VALUE' }));
    },
  );

  test.each(['a\nreboot', 'a\rb', 'a\0b', 'a\u001b[2J', 'a\u202eb'])('%j is refused in a name', (value) => {
    expect(() =>
      changed(kubeadm, (cluster) => {
        cluster.name = value;
      }),
    ).toThrow(expect.objectContaining({ code: 'RENDER_VALUE' }));
  });
});

/** Paths of all strings in a value. */
function leaves(value: unknown, at: (string | number)[] = []): (string | number)[][] {
  if (typeof value === 'string') return [at];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    leaves(item, [...at, Array.isArray(value) ? Number(key) : key]),
  );
}

function put(target: unknown, at: (string | number)[], value: string): void {
  const last = at.at(-1) ?? '';
  const parent = at
    .slice(0, -1)
    .reduce((node, key) => (node as Record<string | number, unknown>)[key], target);
  (parent as Record<string | number, unknown>)[last] = value;
}

/**
 * Machines of one role are rendered alike, and so is a step or setting that several of them have: the first one
 * stands for all.
 */
function isFirstOfItsKind(cluster: Cluster, [part, index, list, item]: (string | number)[]): boolean {
  if (part !== 'machines') return true;
  const firsts = cluster.machines.filter((machine) => machine.index === 0);
  const machine = cluster.machines[Number(index)];
  if (machine?.index !== 0) return false;
  const earlier = firsts.slice(0, firsts.indexOf(machine));
  if (list === 'steps')
    return !earlier.some(({ steps }) => steps.some(({ id }) => id === machine.steps[Number(item)]?.id));
  if (list === 'settings')
    return !earlier.some(({ settings }) =>
      settings.some(({ name }) => name === machine.settings[Number(item)]?.name),
    );
  return true;
}

describe('every string of a plan', () => {
  const canary = '@@canary@@';
  const value = `x\n${canary} y`;

  test.each([
    ['kubeadm', kubeadm],
    ['bridge', bridge],
  ])('of %s never gets to begin a line of a generated file, or is refused in words', (_, cluster) => {
    const escaped: string[] = [];
    for (const at of leaves(cluster).filter((place) => isFirstOfItsKind(cluster, place))) {
      let tree: FileTree;
      try {
        tree = changed(cluster, (copy) => {
          put(copy, at, value);
        });
      } catch (error) {
        if (!(error instanceof K8slabError)) throw error;
        continue;
      }
      for (const [file, text] of tree) {
        const outside = file.endsWith('.sh')
          ? text.content.replace(settingsBlock(text.content), '')
          : text.content;
        // In shell, a quoted title may hold a line feed; in Markdown the picture does.
        const lines = outside.split('\n').filter((line) => line.startsWith(canary));
        const isQuoted = /^(step \d+\/\d+|current_step=)/.test(
          outside.split('\n').find((_, i, all) => all[i + 1]?.startsWith(canary)) ?? '',
        );
        if (lines.length > 0 && !file.endsWith('.md') && !isQuoted)
          escaped.push(`${at.join('.')} in ${file}`);
      }
    }
    expect(escaped).toEqual([]);
  });
});
