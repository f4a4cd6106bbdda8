import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadAssets } from '../../../src/assets/load.js';
import type { Assets } from '../../../src/assets/manifests.js';
import type { Check } from '../../../src/checks/check.js';
import { loadChecks } from '../../../src/collect/loadChecks.js';
import { evaluate } from '../../../src/report/evaluate.js';
import { matrices } from '../../../src/report/matrices.js';
import { reportJunit, reportPage } from '../../../src/report/pages.js';
import { snapshotOf, type Fixture } from '../checks/fixtures.js';

let assets: Assets;
let checks: Check[] = [];
beforeAll(async () => {
  [assets, checks] = await Promise.all([loadAssets(), loadChecks()]);
});

function made(base: string, changes: Fixture['changes'] = []) {
  const { cluster, snapshot } = snapshotOf(base, changes);
  const report = evaluate(cluster, snapshot, checks);
  return {
    cluster,
    snapshot,
    report,
    page: reportPage(assets, cluster, snapshot, report),
    junit: reportJunit(assets, cluster, snapshot, report),
  };
}

const hostile = '<script>alert("1")</script> & \'\u001b[31m\u202e';

describe('the page', () => {
  test('shows every machine with its address, and every check', () => {
    const { cluster, report, page } = made('1cp-2w');
    for (const { name, address } of cluster.machines) {
      expect(page).toContain(`</span> ${name}</h3>`);
      expect(page).toContain(address);
    }
    for (const { title } of report.results) expect(page).toContain(title.replaceAll("'", '&#39;'));
    expect(page).toContain(`${report.lab} is sound`);
    expect(page).not.toContain('What is wrong');
  });

  test('of a broken lab, names the cause with evidence and fix, marks its machine, and sets the rest apart', () => {
    const { report, page } = made('broken/calico-first-found');
    const [machines, rest = ''] = page.split('id="findings"');
    const [causes = '', consequences = ''] = rest.split('id="consequences"');
    expect(machines).toMatch(/<li class="failed">[^]*?<\/span> worker2<\/h3>/);
    expect(causes).toContain('id="K8S_CALICO_ADDRESS_NAT"');
    expect(causes).not.toContain('K8S_POD_CRASHING');
    expect(consequences).toContain('K8S_POD_CRASHING');
    expect(consequences).toContain('href="#K8S_CALICO_ADDRESS_NAT"');
    const cause = report.results
      .flatMap(({ findings }) => findings)
      .find(({ code }) => code === 'K8S_CALICO_ADDRESS_NAT');
    expect(cause?.fix?.length).toBeGreaterThan(0);
    for (const line of cause?.fix ?? []) expect(causes).toContain(line.replaceAll("'", '&#39;'));
  });

  test('a machine that cannot be reached hangs on a broken link', () => {
    const links = (text: string) => [...text.matchAll(/class="link (\w+)"/g)].map(([, state]) => state);
    expect(links(made('1cp-2w').page)).toEqual(['ok', 'ok', 'ok']);
    expect(links(made('broken/worker-halted').page).filter((state) => state === 'failed')).toHaveLength(1);
  });

  test('loads nothing and runs nothing', () => {
    const { page } = made('broken/calico-first-found');
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\ssrc=|\son[a-z]+=|javascript:/i);
  });

  test('text from machines stays text', () => {
    const { page, junit } = made('1cp-2w', [
      { path: '/snapshot/machines/worker1/system/swap', value: [hostile] },
    ]);
    for (const text of [page, junit]) {
      expect(text).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;');
      expect(text).not.toContain('<script>');
      for (const character of ['\u001b', '\u202e']) expect(text).not.toContain(character);
    }
  });
});

describe('matrices', () => {
  test('bridge to bridge: a lost packet is a failed cell, a machine and itself are none', () => {
    const { cluster, snapshot } = snapshotOf('cni-2n');
    const [matrix] = matrices(cluster, snapshot);
    expect(matrix?.rows.map(({ cells }) => cells.map(({ state }) => state))).toEqual([
      ['none', 'ok'],
      ['ok', 'none'],
    ]);
    const ping = snapshot.machines.node1?.bridge?.pings?.[0];
    if (ping === undefined) throw new Error('The snapshot has no ping.');
    ping.ok = false;
    expect(matrices(cluster, snapshot)[0]?.rows[0]?.cells[1]).toEqual({
      state: 'failed',
      detail: `packets of ${ping.bytes} bytes are lost`,
    });
  });

  test('bridge to bridge: a node that has no pod yet, and so no bridge, is not asked', () => {
    const { cluster, snapshot } = snapshotOf('bridge-2n');
    const bridge = snapshot.machines.worker1?.bridge;
    if (!bridge) throw new Error('The snapshot has no bridge.');
    bridge.exists = false;
    for (const { bridge } of Object.values(snapshot.machines))
      for (const ping of bridge?.pings ?? []) ping.ok = false;
    const matrix = matrices(cluster, snapshot).find(({ layer }) => layer === 'cni');
    expect(matrix?.rows.flatMap(({ cells }) => cells.map(({ state }) => state))).toEqual(
      new Array(4).fill('none'),
    );
  });

  test('who reaches the API: one row for each who asked', () => {
    const { cluster, snapshot } = snapshotOf('3cp-2w-2lb');
    const matrix = matrices(cluster, snapshot)[0];
    expect(matrix?.columns).toEqual([cluster.endpoint?.hostPort, 'cp1', 'cp2', 'cp3']);
    expect(matrix?.rows.every(({ cells }) => cells[0]?.state === 'ok')).toBe(true);
  });
});

test('what pods reach: each node, a Service, names, outside; this computer by NodePort', () => {
  const { cluster, snapshot } = snapshotOf('probes-1cp-2w');
  const matrix = matrices(cluster, snapshot).find(({ layer }) => layer === 'data-path');
  expect(matrix?.columns.slice(0, 5)).toEqual(['cp1', 'worker1', 'worker2', 'Service', 'DNS']);
  expect(matrix?.rows.map(({ name }) => name)).toEqual([
    'pod on cp1',
    'pod on worker1',
    'pod on worker2',
    'this computer',
  ]);
  const states = new Set(matrix?.rows.flatMap(({ cells }) => cells.map(({ state }) => state)));
  expect(states).toEqual(new Set(['ok', 'none']));
});

describe('JUnit', () => {
  const count = (text: string, what: RegExp): number => [...text.matchAll(what)].length;

  test('a test case for each check, and none of a sound lab failed', () => {
    const { report, junit } = made('1cp-2w');
    expect(count(junit, /<testcase /g)).toBe(report.results.length);
    expect(junit).toContain(`tests="${report.results.length}" failures="0" errors="0"`);
    expect(junit).not.toMatch(/<failure|<error/);
    const skipped = report.results.filter(({ status }) => status === 'skipped');
    expect(skipped.length).toBeGreaterThan(0);
    expect(count(junit, /<skipped /g)).toBe(skipped.length);
  });

  test('what failed is a failure, what is not known an error', () => {
    const { report, junit } = made('broken/api-restarting');
    const failed = report.results.filter(({ status }) => status === 'failed');
    const unknown = report.results.filter(({ status }) => status === 'unknown');
    expect(junit).toContain(`failures="${failed.length}" errors="${unknown.length}" skipped=`);
    expect(count(junit, /<error /g)).toBe(unknown.length);
    expect(count(junit, /<failure /g)).toBe(failed.flatMap(({ findings }) => findings).length);
    expect(junit).toContain('<failure type="K8S_API_ADVERTISES_NAT"');
  });
});
