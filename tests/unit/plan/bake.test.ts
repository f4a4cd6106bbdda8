import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadAssets } from '../../../src/assets/load.js';
import type { Assets } from '../../../src/assets/manifests.js';
import { parseLab } from '../../../src/lab/parse.js';
import { bakedName, bakingNeeds } from '../../../src/plan/bake.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import type { BakedBox, Decisions, HostFacts } from '../../../src/plan/host.js';
import { decisionsOf, planCluster, type PlanPurpose } from '../../../src/plan/plan.js';
import { variablesIn } from '../../../src/plan/provisioners.js';
import { renderLab } from '../../../src/render/renderLab.js';
import { laptop } from './assets.js';

let assets: Assets;
beforeAll(async () => {
  assets = await loadAssets();
});

const server: HostFacts = { ...laptop, installedProviders: ['lxc'], root: true };

function planned(
  text = 'provider: lxc\ncontrolPlanes: 1\nworkers: 2\n',
  { host = server, decisions, ...purpose }: PlanPurpose & { host?: HostFacts; decisions?: Decisions } = {},
): Cluster {
  return planCluster(
    parseLab(`name: demo\n${text}`, 'lab.yaml', assets),
    host,
    assets,
    decisions,
    undefined,
    purpose,
  );
}

function boxFor(cluster: Cluster, more: Partial<BakedBox> = {}): BakedBox {
  const needs = bakingNeeds(cluster, assets.texts);
  if (needs === undefined) throw new Error('nothing to bake');
  return {
    name: bakedName(cluster),
    version: '20261121.1.1',
    provider: 'lxc',
    from: cluster.box.name,
    created: '2026-11-21T10:00:00.000Z',
    ...needs,
    ...more,
  };
}

const withBoxes = (...bakedBoxes: BakedBox[]): HostFacts => ({ ...server, bakedBoxes });

describe('a new lab starts from a baked box', () => {
  test('that has inside what it needs, named with its version', () => {
    const box = boxFor(planned());
    const cluster = planned(undefined, { host: withBoxes(box) });
    expect(cluster.box).toMatchObject({
      name: 'k8slab/debian-12-kubernetes-' + (cluster.kubernetes?.version ?? ''),
    });
    expect(cluster.box).toMatchObject({ version: box.version, baked: { from: 'k8slab/debian-12' } });
    expect(cluster.box.build).toBeUndefined();
    const vagrantfile = renderLab(cluster, {}, assets).get('Vagrantfile')?.content ?? '';
    expect(vagrantfile).toContain(`config.vm.box = '${box.name}'`);
    expect(vagrantfile).toContain(`config.vm.box_version = '${box.version}'`);
  });

  test('whatever its name, its addresses and the number of its machines are', () => {
    const box = boxFor(planned());
    const other = planned(
      'provider: lxc\ncontrolPlanes: 3\nworkers: 1\nnetworking: {hostOnlySubnet: 192.168.77.0/24}\n',
      { host: withBoxes(box) },
    );
    expect(other.box.version).toBe(box.version);
  });

  test('of several the one that was baked last', () => {
    const older = boxFor(planned());
    const newer = { ...older, version: '20261122.1.1', created: '2026-11-22T10:00:00.000Z' };
    for (const boxes of [
      [older, newer],
      [newer, older],
    ])
      expect(planned(undefined, { host: withBoxes(...boxes) }).box.version).toBe(newer.version);
  });

  test('with the same provisioners as without one', () => {
    const plain = planned();
    const cluster = planned(undefined, { host: withBoxes(boxFor(plain)) });
    expect(cluster.machines).toEqual(plain.machines);
  });

  test('unless it is told not to', () => {
    const box = boxFor(planned());
    expect(planned(undefined, { host: withBoxes(box), baked: false }).box.baked).toBeUndefined();
  });

  test.each([
    ['of another version of Kubernetes', 'kubernetes: {version: "1.36"}\n', {}],
    ['with another runtime', 'runtime: {name: containerd, install: distribution}\n', {}],
    ['with another network', 'cni: flannel\n', {}],
    ['on another host’s limits', '', { limits: { lxc: ['oom-score'] } }],
    ['whose provider is another', '', { box: { provider: 'virtualbox' } }],
    ['without an image that is needed', '', { box: { images: ['registry.k8s.io/pause:3.10.2'] } }],
  ])(
    'but not one %s',
    (_, text, { limits, box }: { limits?: HostFacts['limits']; box?: Partial<BakedBox> }) => {
      const baked = boxFor(planned(), box);
      const host = { ...withBoxes(baked), ...(limits && { limits }) };
      const cluster = planned(`provider: lxc\ncontrolPlanes: 1\nworkers: 2\n${text}`, { host });
      expect(cluster.box).toMatchObject({ name: 'k8slab/debian-12', build: { recipe: 'box' } });
    },
  );
});

describe('a lab that is there', () => {
  test('keeps its baked box when another one is baked', () => {
    const own = boxFor(planned());
    const decisions = decisionsOf(planned(undefined, { host: withBoxes(own) }));
    expect(decisions.bakedBox).toBe(own.version);
    const newer = { ...own, version: '20261122.1.1', created: '2026-11-22T10:00:00.000Z' };
    expect(planned(undefined, { host: withBoxes(own, newer), decisions }).box.version).toBe(own.version);
  });

  test('stays as it is when it was made without one, unless told otherwise', () => {
    const decisions = decisionsOf(planned());
    const host = withBoxes(boxFor(planned()));
    expect(planned(undefined, { host, decisions }).box.baked).toBeUndefined();
    expect(planned(undefined, { host, decisions, baked: true }).box).toMatchObject({
      version: '20261121.1.1',
      baked: { from: 'k8slab/debian-12' },
    });
  });

  test('is told when it asks for one and none fits', () => {
    const cluster = planned(undefined, { baked: true });
    expect(cluster.warnings.map(({ code }) => code)).toContain('PLAN_BOX_BAKED_NONE');
  });

  test('goes back to the ordinary box, and says so, when its own is gone', () => {
    const decisions = decisionsOf(planned(undefined, { host: withBoxes(boxFor(planned())) }));
    const cluster = planned(undefined, { decisions });
    expect(cluster.box.name).toBe('k8slab/debian-12');
    expect(cluster.warnings.map(({ code }) => code)).toContain('PLAN_BOX_BAKED_GONE');
  });
});

describe('a plan for baking', () => {
  test('has one machine, no secrets, and only what a box may keep or baking needs', () => {
    const cluster = planned(undefined, { baking: true });
    expect(cluster.machines).toHaveLength(1);
    expect(cluster.secrets).toEqual([]);
    const [machine] = cluster.machines;
    expect(machine?.secretGroups).toEqual([]);
    expect(machine?.steps.every(({ bake }) => bake !== undefined)).toBe(true);
    const ids = machine?.steps.map(({ id }) => id) ?? [];
    expect(ids).toContain('kubernetes/images');
    expect(ids.some((id) => id.startsWith('bootstrap/'))).toBe(false);
    expect(
      machine?.settings
        .find(({ name }) => name === 'IMAGES')
        ?.value.split('\n')
        .sort(),
    ).toEqual(bakingNeeds(planned(), assets.texts)?.images);
  });

  test('also of a lab without Kubernetes', () => {
    const text =
      'provider: lxc\nbootstrap: none\ncni: bridge\nworkers: 2\nruntime: {name: containerd, install: distribution}\n';
    const cluster = planned(text, { baking: true });
    expect(cluster.machines[0]?.steps.map(({ id }) => id)).toContain('runtime/containerd/distribution');
    expect(bakedName(cluster)).toBe('k8slab/debian-12-containerd');
    expect(bakingNeeds(planned(text), assets.texts)?.images).toEqual([]);
  });

  test('gives the same provisioner whoever the lab is: nothing of a machine gets into a box', () => {
    const folders = [
      assets.base,
      assets.kubernetes,
      ...Object.values(assets.runtimes),
      ...Object.values(assets.cnis),
      ...Object.values(assets.bootstraps),
      ...Object.values(assets.loadBalancers),
    ];
    const kept = folders.flatMap(({ steps }) => steps.filter(({ bake }) => bake === 'kept'));
    expect(kept.length).toBeGreaterThan(10);
    // Which images a machine has is compared by itself: a control plane's are all of them.
    const ofImages = (names: readonly string[]): boolean => names.includes('IMAGES');
    const personal =
      /^(MACHINE|LAB|ROLE|ALL_HOSTS|NODE_.*|POD_.*|PEER_.*|ENDPOINT.*|.*_SUBNET|HOST_.*|DNS_.*|FIRST_.*|CONTROL_PLANES)$/;
    for (const step of kept)
      if (!ofImages(step.settings)) expect(step.settings.filter((name) => personal.test(name))).toEqual([]);
    const paths = planned(undefined, { baking: true }).machines.flatMap(({ steps }) => steps);
    for (const { script, files, bake } of paths) {
      if (bake !== 'kept') continue;
      const texts = [script, ...files.map(({ template }) => template)];
      const read = texts.flatMap((file) => variablesIn(assets.texts[`provision-scripts/${file}`] ?? ''));
      if (!ofImages(read)) expect(read.filter((name) => personal.test(name))).toEqual([]);
      for (const file of texts)
        expect(assets.texts[`provision-scripts/${file}`]).not.toMatch(/\{\{.*machine\./);
    }
  });
});
