import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadAssets } from '../../../src/assets/load.js';
import type { Assets } from '../../../src/assets/manifests.js';
import { parseLab } from '../../../src/lab/parse.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import { planCluster } from '../../../src/plan/plan.js';
import { renderLab } from '../../../src/render/renderLab.js';
import { laptop } from './assets.js';

let assets: Assets;
beforeAll(async () => {
  assets = await loadAssets();
});

const planned = (text: string): Cluster =>
  planCluster(parseLab(`name: demo\n${text}`, 'lab.yaml', assets), laptop, assets);

const filesOf = (cluster: Cluster): [string, string][] =>
  [...renderLab(cluster, { caCertHash: `sha256:${'0'.repeat(64)}` }, assets)].map(([file, { content }]) => [
    file,
    content,
  ]);

/** The lines of a lab's files that choose machines' addresses, without what stands around the value. */
const methods = (cluster: Cluster): string[] =>
  filesOf(cluster)
    .filter(([file]) => file.includes('autodetection-'))
    .flatMap(([, text]) => text.split('\n').filter((line) => !line.startsWith('#')))
    .flatMap(
      (line) =>
        /^ +(?:value|canReach|firstFound|interface|kubernetes|-): (.*)$|^ +- ('?[\d./]+'?)$/
          .exec(line)
          ?.slice(1) ?? [],
    )
    .filter(Boolean);

const twoBalancers = 'controlPlanes: 3\nworkers: 2\nloadBalancers: 2\n';

describe('can-reach never points at the virtual address', () => {
  test.each(['manifest', 'operator'])('of two load balancers, install: %s', (install) => {
    const cluster = planned(`${twoBalancers}cni: {name: calico, install: ${install}}\n`);
    const { endpoint, machines } = cluster;
    expect(endpoint?.kind).toBe('vip');
    const first = machines.find(({ role }) => role === 'control-plane')?.address ?? '';
    const text = filesOf(cluster)
      .filter(([file]) => file.includes('autodetection-can-reach'))
      .map(([, content]) => content)
      .join('\n');
    expect(text).toMatch(new RegExp(`(can-reach=|canReach: )'?"?${first.replaceAll('.', '\\.')}\\b`));
    expect(text).not.toContain(endpoint?.address);
  });
});

describe('each method is one file', () => {
  test.each([
    ['can-reach', 'can-reach=192.168.56.10'],
    ['cidr', 'cidr=192.168.56.0/24'],
    ['interface', 'interface=^@ADAPTER@$'],
    ['kubernetes-internal-ip', 'kubernetes-internal-ip'],
    ['first-found', 'first-found'],
  ])('%s', (method, value) => {
    const cluster = planned(`workers: 1\ncni: {name: calico, autodetection: ${method}}\n`);
    expect(methods(cluster)).toEqual([value]);
    const steps = cluster.machines[0]?.steps.map(({ id }) => id) ?? [];
    expect(steps.filter((id) => id.includes('autodetection'))).toEqual([
      `cni/calico/autodetection-${method}`,
    ]);
  });
});

describe('the operator', () => {
  const text = (encapsulation: string): string =>
    `workers: 1\nkubernetes: {version: "1.36"}\ncni: {name: calico, install: operator, encapsulation: ${encapsulation}}\n`;

  test.each([
    ['ipip', 'IPIP', 'Enabled'],
    ['vxlan', 'VXLAN', 'Disabled'],
    ['none', 'None', 'Enabled'],
  ])('with %s: the pool says %s, and BGP is %s', (encapsulation, pool, bgp) => {
    const file = filesOf(planned(text(encapsulation))).find(([name]) =>
      name.includes('operator-encapsulation'),
    );
    expect(file?.[1]).toContain(`encapsulation: ${pool}\n`);
    expect(file?.[1]).toContain(`bgp: ${bgp}\n`);
  });

  test('brings its own version, and takes no other', () => {
    const cluster = planned(text('vxlan'));
    expect(cluster.cni.version).toBe('3.32.1');
    expect(cluster.images.filter((image) => image.includes('calico/calico'))).toEqual([]);
    expect(cluster.images).toContain('quay.io/tigera/operator:v1.42.3');
    const other = 'workers: 1\ncni: {name: calico, install: operator, version: "3.33.0"}\n';
    expect(() => planned(other)).toThrow(
      'version of cni calico is 3.32.1 where install is operator, not 3.33.0',
    );
  });
});
