import { beforeAll, describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { loadAssets } from '../../../src/assets/load.js';
import type { Assets } from '../../../src/assets/manifests.js';
import { K8slabErrors } from '../../../src/errors/error.js';
import { parseLab } from '../../../src/lab/parse.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import { planCluster } from '../../../src/plan/plan.js';
import { planText } from '../../../src/plan/text.js';
import { adaptFile } from '../../../src/render/adapt.js';
import { renderLab } from '../../../src/render/renderLab.js';
import { findLimits } from '../../../src/vagrant/limits.js';
import { laptop } from './assets.js';

let assets: Assets;
beforeAll(async () => {
  assets = await loadAssets();
});

const all = ['oom-score', 'cgroup-v1', 'conntrack', 'shared-disk', 'ipip'];
const facts = { caCertHash: `sha256:${'0'.repeat(64)}` };

function plan(limits: string[] | undefined, set: string[] = [], provider = 'lxc'): Cluster {
  const host = { ...laptop, ...(limits && { limits: { lxc: limits } }) };
  const lab = parseLab('name: small\nworkers: 1\n', 'lab.yaml', assets, {
    set: [`provider=${provider}`, ...set],
  });
  return planCluster(lab, host, assets);
}

const file = (cluster: Cluster, path: string): string =>
  renderLab(cluster, facts, assets).get(`provision/${path}`)?.content ?? '';
const documents = (text: string): unknown[] =>
  [...parseAllDocuments(text)].map((document): unknown => document.toJS());

describe('a host with limits', () => {
  test('has what it lacks written into the files of lxc labs', () => {
    const cluster = plan(all);
    const init = documents(file(cluster, 'cp1/kubeadm-init.yaml'));
    expect(init).toMatchObject([
      { kind: 'InitConfiguration', nodeRegistration: { ignorePreflightErrors: ['SystemVerification'] } },
      { kind: 'ClusterConfiguration' },
      {
        kind: 'KubeletConfiguration',
        cgroupDriver: 'systemd',
        oomScoreAdj: 0,
        failCgroupV1: false,
        evictionHard: { 'nodefs.available': '1Gi', 'imagefs.available': '1Gi', 'memory.available': '100Mi' },
        imageGCHighThresholdPercent: 100,
      },
      { kind: 'KubeProxyConfiguration', oomScoreAdj: 0, conntrack: { maxPerCore: 0, min: 0 } },
    ]);
    expect(documents(file(cluster, 'worker1/kubeadm-join-worker.yaml'))).toMatchObject([
      { nodeRegistration: { name: 'worker1', ignorePreflightErrors: ['SystemVerification'] } },
    ]);
    for (const form of ['v2', 'v3'])
      expect(file(cluster, `cp1/containerd.${form}.toml`)).toMatch(/^ +restrict_oom_score_adj = true$/m);
    expect(cluster.cni.options.encapsulation).toBe('none');
    expect(cluster.adaptations?.map(({ id }) => id)).toEqual(all);
    expect(planText(cluster)).toMatch(/^Adapted to this host$/m);
  });

  test('changes nothing but the values, each with its reason above', () => {
    const plain = file(plan(undefined), 'cp1/kubeadm-init.yaml').split('\n');
    const adapted = file(plan(['cgroup-v1']), 'cp1/kubeadm-init.yaml').split('\n');
    const added = adapted.filter((line) => !plain.includes(line));
    expect(adapted.filter((line) => plain.includes(line))).toEqual(plain);
    expect(added.map((line) => line.trim()).filter((line) => !line.startsWith('#'))).toEqual([
      'ignorePreflightErrors: [SystemVerification]',
      'failCgroupV1: false',
    ]);
    for (const line of ['ignorePreflightErrors: [SystemVerification]', 'failCgroupV1: false']) {
      const at = adapted.findIndex((one) => one.trim() === line);
      expect(adapted[at - 1]).toMatch(/^ *# .*\.$/);
    }
  });

  test('has only its own limits adapted', () => {
    expect(plan(['cgroup-v1']).adaptations?.map(({ id }) => id)).toEqual(['cgroup-v1']);
    expect(plan(['cgroup-v1']).cni.options.encapsulation).toBe('ipip');
    expect(plan(['ipip'], ['cni.name=calico', 'cni.encapsulation=vxlan']).adaptations).toBeUndefined();
    expect(plan(['ipip'], ['cni.name=calico', 'cni.encapsulation=none']).adaptations).toBeUndefined();
    expect(plan(['conntrack'], ['bootstrap=none', 'cni=bridge']).adaptations).toBeUndefined();
  });

  test('is no matter for other providers, nor for hosts without limits', () => {
    const virtual = plan(all, [], 'virtualbox');
    expect(virtual.adaptations).toBeUndefined();
    expect(virtual.cni.options.encapsulation).toBe('ipip');
    expect(file(virtual, 'cp1/kubeadm-init.yaml')).not.toMatch(
      /oomScoreAdj|failCgroupV1|conntrack|evictionHard/,
    );
    expect(plan(undefined).adaptations).toBeUndefined();
    expect(renderLab(plan([]), facts, assets)).toEqual(renderLab(plan(undefined), facts, assets));
  });

  test('refuses what the lab insists on and cannot work', () => {
    const insist = (): Cluster => plan(['ipip'], ['cni.name=calico', 'cni.encapsulation=ipip']);
    expect(insist).toThrow(K8slabErrors);
    try {
      insist();
    } catch (error) {
      expect(error).toMatchObject({
        errors: [{ code: 'PLAN_HOST_LIMIT', fix: ['encapsulation: none'], where: { line: 1 } }],
      });
    }
  });
});

describe('adaptFile', () => {
  const toml = (text: string): string =>
    adaptFile('a.toml', text, [
      {
        id: 'x',
        title: 'X',
        why: 'Because.',
        link: '',
        changes: [{ file: '*.toml', table: 'a.b', set: { on: true } }],
      },
    ]);
  const yaml = (text: string, set: Record<string, unknown>): string =>
    adaptFile('a.yaml', text, [
      { id: 'x', title: 'X', why: 'Because.', link: '', changes: [{ file: 'a.yaml', kind: 'A', set }] },
    ]);

  test('adds to a table of TOML, or adds the table', () => {
    expect(toml('version = 2\n[a.b]\n  x = 1\n')).toBe(
      'version = 2\n[a.b]\n  # Because.\n  on = true\n  x = 1\n',
    );
    expect(toml('[a.b.c]\nx = 1\n')).toBe('[a.b.c]\nx = 1\n\n[a.b]\n  # Because.\n  on = true\n');
  });

  test('merges mappings, lengthens lists, replaces values of YAML, and keeps comments', () => {
    const text = '# top\nkind: A\nmap:\n  one: 1 # first\nlist: [a]\nold: true\n';
    expect(yaml(text, { map: { two: 2 }, list: ['b'], old: false })).toBe(
      '# top\nkind: A\nmap:\n  one: 1 # first\n  # Because.\n  two: 2\nlist: [a, b]\n# Because.\nold: false\n',
    );
  });

  test('leaves other documents and other files as they are', () => {
    const text = 'kind: B\nlist: [ a,b ]\n';
    expect(yaml(text, { x: 1 })).toBe(text);
    expect(adaptFile('b.yaml', text, [])).toBe(text);
  });
});

test('limits are found by the probes of providers that run on this system', async () => {
  const lxc = assets.providers.lxc;
  if (lxc === undefined) throw new Error('no provider lxc');
  const probe = (id: string, text?: string) => ({
    ...{ id, title: '', why: '', link: '', changes: [], instead: [] },
    ...(text !== undefined && { probe: text }),
  });
  const adaptations = [
    probe('yes', 'test 1 = 1'),
    probe('no', 'false'),
    probe('always'),
    probe('odd', 'exit 77'),
  ];
  const here = { ...lxc, platforms: [process.platform as 'linux'], adaptations };
  const elsewhere = { ...here, platforms: [] };
  expect(await findLimits({ here, elsewhere }, process.env)).toEqual({ here: ['yes', 'always'] });
});
