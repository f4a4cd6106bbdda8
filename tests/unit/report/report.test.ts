import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Check, Finding } from '../../../src/checks/check.js';
import { loadChecks } from '../../../src/collect/loadChecks.js';
import type { Palette } from '../../../src/errors/palette.js';
import { evaluate } from '../../../src/report/evaluate.js';
import { reportDocument } from '../../../src/report/json.js';
import { reportText } from '../../../src/report/text.js';
import { firstCause, verdict } from '../../../src/report/verdict.js';
import { snapshotOf } from '../checks/fixtures.js';

let checks: Check[] = [];
beforeAll(async () => {
  checks = await loadChecks();
});

const { cluster, snapshot } = snapshotOf('1cp-2w');
const finding = (rest: Partial<Finding> = {}): Finding => ({
  code: 'GUEST_SWAP_ON',
  severity: 'failed',
  message: 'Swap is on.',
  evidence: [],
  ...rest,
});
const checkOf = (rest: Partial<Check> = {}): Check => ({
  id: 'one',
  title: 'One',
  layer: 'machine',
  applies: () => true,
  evaluate: () => [],
  ...rest,
});
const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';
const swapAndKubelet = () =>
  snapshotOf('1cp-2w', [
    { path: '/snapshot/machines/worker1/system/swap', value: ['/dev/sda2 partition'] },
    { path: '/snapshot/machines/worker1/kubelet/active', value: 'activating' },
    { path: '/snapshot/machines/worker2/kubelet/active', value: 'failed' },
  ]);

describe('evaluate', () => {
  test('a page that does not come through a hole for large packets is no cause of its own', () => {
    const hole = snapshotOf('broken/probes-mtu-hole', [
      { path: '/snapshot/probes/machines/worker2/outside/ok', value: false },
    ]);
    const { results } = evaluate(hole.cluster, hole.snapshot, checks);
    expect(results.find(({ id }) => id === 'pods-to-outside')?.findings).toMatchObject([
      { code: 'K8S_POD_NO_WAY_OUT', consequenceOf: ['K8S_POD_PATH_LARGE_LOST'] },
    ]);
  });

  test('a check that throws is unknown, and hides nothing else', () => {
    const broken = checkOf({
      id: 'broken',
      evaluate: () => {
        throw new TypeError('x is undefined');
      },
    });
    const other = checkOf({ id: 'other', layer: 'dns', evaluate: () => [finding()] });
    const report = evaluate(cluster, snapshot, [other, broken]);
    expect(report.results.map(({ id, status }) => [id, status])).toEqual([
      ['broken', 'unknown'],
      ['other', 'failed'],
    ]);
    expect(report.results[0]?.reason).toContain('x is undefined');
    expect(report.sound).toBe(false);
  });

  test('checks that do not apply are not asked', () => {
    const report = evaluate(cluster, snapshot, [checkOf({ applies: () => false })]);
    expect(report.results).toEqual([]);
  });

  test('warnings do not spoil soundness, unknowns do', () => {
    const warning = checkOf({ evaluate: () => [finding({ severity: 'warning' })] });
    expect(evaluate(cluster, snapshot, [warning])).toMatchObject({
      sound: true,
      results: [{ status: 'warning' }],
    });
    const unknown = checkOf({
      evaluate: () => ({ unknown: 'no curl', findings: [finding({ severity: 'warning' })] }),
    });
    expect(evaluate(cluster, snapshot, [unknown])).toMatchObject({
      sound: false,
      results: [{ status: 'unknown', reason: 'no curl', findings: [{ severity: 'warning' }] }],
    });
  });

  test('consequences are marked on the same machine only, when the cause lies there', () => {
    const changed = swapAndKubelet();
    const { results } = evaluate(changed.cluster, changed.snapshot, checks);
    const kubelet = results.find((result) => result.id === 'kubelet')?.findings ?? [];
    expect(kubelet.map(({ machine, consequenceOf }) => [machine, consequenceOf])).toEqual([
      ['worker1', ['GUEST_SWAP_ON']],
      ['worker2', undefined],
    ]);
  });

  test('a check may mark what follows from another of its own findings', () => {
    const own = finding({ code: 'GUEST_SWAP_FSTAB', consequenceOf: ['GUEST_SWAP_ON'] });
    const report = evaluate(cluster, snapshot, [checkOf({ evaluate: () => [own, finding()] })]);
    expect(firstCause(report)?.code).toBe('GUEST_SWAP_ON');
    const after = checkOf({ id: 'after', follows: { anywhere: ['one'] }, evaluate: () => [own] });
    const both = evaluate(cluster, snapshot, [checkOf({ evaluate: () => [finding()] }), after]);
    expect(both.results[1]?.findings[0]?.consequenceOf).toEqual(['GUEST_SWAP_ON']);
  });

  test('a wrong Calico address anywhere explains crashing pods everywhere', () => {
    const changed = snapshotOf('1cp-2w', [
      { path: '/snapshot/cluster/nodes/1/annotations/projectcalico.org~1IPv4Address', value: '10.0.2.15/24' },
      { path: '/snapshot/cluster/pods/9/ready', value: false },
      { path: '/snapshot/cluster/pods/9/reason', value: 'CrashLoopBackOff' },
    ]);
    const report = evaluate(changed.cluster, changed.snapshot, checks);
    const pods = report.results.find((result) => result.id === 'system-pods')?.findings;
    expect(pods).toMatchObject([{ machine: 'worker2', consequenceOf: ['K8S_CALICO_ADDRESS_NAT'] }]);
    expect(firstCause(report)?.code).toBe('K8S_CALICO_ADDRESS_NAT');
  });
});

describe('text', () => {
  test('a sound lab: one line a check, no blank lines, the verdict last', () => {
    const report = evaluate(cluster, snapshot, checks);
    const text = reportText(report);
    const asked = report.results.filter(({ status }) => status !== 'skipped').length;
    expect(asked).toBeGreaterThan(18);
    expect(text).not.toContain('\n\n');
    expect(text.match(/^ {2}✓ /gm)?.length).toBe(asked);
    expect(lastLine(text)).toBe(
      `✓ 1cp-2w is sound: ${asked} checks passed; ${report.results.length - asked} not asked.`,
    );
  });

  test('what was not asked is told in one line, with the reason', () => {
    const text = reportText(evaluate(cluster, snapshot, checks), { width: 100 });
    expect(text).toMatch(/ · Not asked: \d checks: this snapshot was taken without pods of our own\.\n/);
    const probed = snapshotOf('probes-1cp-2w');
    expect(reportText(evaluate(probed.cluster, probed.snapshot, checks))).not.toContain('Not asked');
  });

  test('what pods reach is a row a node, and a mark a target', () => {
    const probed = snapshotOf('broken/probes-mtu-hole');
    const text = reportText(evaluate(probed.cluster, probed.snapshot, checks), { width: 100 });
    const rows = text.split('\n').filter((line) => /^ {4}(pod on|this computer)/.test(line));
    expect(rows.map((row) => row.trim().split(/ {2,}/).slice(0, 4))).toEqual([
      ['pod on cp1', '·', '✓', '✗'],
      ['pod on worker1', '✓', '·', '✗'],
      ['pod on worker2', '✗', '✗', '·'],
      ['this computer', '✓', '✓', '✓'],
    ]);
    const narrow = reportText(evaluate(probed.cluster, probed.snapshot, checks), { width: 60 });
    expect(narrow).not.toMatch(/^ {4}pod on/m);
    expect(narrow).toContain('--html');
  });

  test('a fault: what, evidence, cause, fix for this lab, where to read more, and the verdict last', () => {
    const changed = swapAndKubelet();
    const text = reportText(evaluate(changed.cluster, changed.snapshot, checks), { width: 100 });
    expect(text).toContain(
      '  ✗ Swap is off, and stays off\n      Swap is on at worker1: /dev/sda2 partition.\n',
    );
    expect(text).toContain('      │ /proc/swaps: /dev/sda2 partition\n');
    expect(text).toMatch(/ {6}cause {3}Boxes come with a swap/);
    expect(text).toContain('      fix     k8slab ssh worker1 -- sudo swapoff -a\n');
    expect(text).toContain('      more    k8slab explain GUEST_SWAP_ON\n');
    expect(text).toContain('follows probably from GUEST_SWAP_ON');
    expect(lastLine(text)).toMatch(
      /^✗ 1cp-2w is not sound: of \d+ checks, 2 failed\. Begin with GUEST_SWAP_ON on worker1\.$/,
    );
  });

  test('a finding that follows from another keeps its fixes to itself', () => {
    const changed = snapshotOf('1cp-2w', [
      { path: '/snapshot/machines/worker1/system/swap', value: ['/dev/sda2 partition'] },
      { path: '/snapshot/machines/worker1/kubelet/active', value: 'activating' },
    ]);
    const text = reportText(evaluate(changed.cluster, changed.snapshot, checks));
    expect(text).not.toContain('journalctl');
  });

  test('of what follows from a cause a few are told, without evidence, and only the cause is named', () => {
    const { cluster, snapshot } = snapshotOf('broken/control-plane-not-ready');
    const text = reportText(evaluate(cluster, snapshot, checks), { width: 100 });
    const pods = text.slice(text.indexOf('System pods are healthy'), text.indexOf('Pod network'));
    expect(pods.match(/ is Running but not ready\.$/gm)).toHaveLength(3);
    expect(pods).toMatch(/^ {6}… and \d+ more of the kind$/m);
    expect(pods).not.toContain('│');
    expect(pods).toMatch(/follows probably from [A-Z_, ]*GUEST_KUBELET_STOPPED/);
    expect(pods).not.toContain('K8S_NODE_NOT_READY');
  });

  test('a reason that keeps several checks from an answer is told in full once', () => {
    const { cluster, snapshot } = snapshotOf('broken/api-restarting');
    const text = reportText(evaluate(cluster, snapshot, checks));
    expect(text.match(/the Kubernetes API could not be asked/g)).toHaveLength(1);
    expect(text.match(/not known: for the same reason/g)?.length).toBeGreaterThan(5);
  });

  test.each([20, 40, 60, 80, 100, 200])('fits %i columns, commands apart', (width) => {
    const changed = swapAndKubelet();
    const text = reportText(evaluate(changed.cluster, changed.snapshot, checks), { width });
    const limit = Math.min(Math.max(width, 40), 120);
    const prose = text
      .split('\n')
      .slice(0, -2)
      .filter((line) => !/k8slab|follows/.test(line));
    for (const line of prose) expect(line.length).toBeLessThanOrEqual(limit);
  });

  test('colours come from the palette, and only from it', () => {
    const tag = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
    const palette: Palette = {
      bold: tag('b'),
      dim: tag('dim'),
      red: tag('red'),
      green: tag('green'),
      yellow: tag('yellow'),
      cyan: tag('cyan'),
    };
    const changed = swapAndKubelet();
    const report = evaluate(changed.cluster, changed.snapshot, checks);
    const text = reportText(report, { palette });
    expect(text).toContain('<red>✗</red> Swap is off');
    expect(text).toContain('<cyan>k8slab ssh worker1 -- sudo swapoff -a</cyan>');
    expect(text.replace(/<\/?[a-z]+>/g, '')).toBe(reportText(report));
    expect(reportText(report)).not.toContain('\u001b');
  });

  test('nothing that a machine says reaches the terminal as a command', () => {
    const hostile = '\u001b[2J\u001b]0;owned\u0007\u202e';
    const check = checkOf({
      evaluate: () => [
        finding({
          message: `a${hostile}`,
          evidence: [hostile, `x\r${hostile}`],
          fix: [`f${hostile}`],
          machine: hostile,
        }),
      ],
    });
    const text = reportText(evaluate({ ...cluster, name: `lab${hostile}` }, snapshot, [check]));
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test('long evidence is cut, not spread', () => {
    const evidence = Array.from({ length: 30 }, (_, index) => `${index} ${'x'.repeat(500)}`);
    const text = reportText(
      evaluate(cluster, snapshot, [checkOf({ evaluate: () => [finding({ evidence })] })]),
    );
    expect(text.match(/│/g)?.length).toBe(7);
    expect(text).toContain('… and 24 more');
  });
});

describe('verdict', () => {
  test('names what could not be answered', () => {
    const report = evaluate(cluster, snapshot, [checkOf({ evaluate: () => ({ unknown: 'no curl' }) })]);
    expect(verdict(report)).toBe('1cp-2w is not sound: of 1 check, 1 could not be answered.');
    expect(reportText(report)).toContain('  ? One\n      not known: no curl\n');
  });

  test('mentions warnings of a sound lab', () => {
    const report = evaluate(cluster, snapshot, [
      checkOf({ evaluate: () => [finding({ severity: 'warning' })] }),
    ]);
    expect(verdict(report)).toBe('1cp-2w is sound: 1 check passed, 1 of them with a warning.');
  });
});

test('JSON is one document with the report, its verdict and counts', () => {
  const changed = swapAndKubelet();
  const report = evaluate(changed.cluster, changed.snapshot, checks);
  expect(reportDocument(report)).toMatchObject(report);
  expect(reportDocument(report)).toMatchObject({
    schema: 1,
    lab: '1cp-2w',
    sound: false,
    counts: { failed: 2, warning: 0, unknown: 0 },
  });
});

test('a lab of bare machines: one finding a machine, nothing about what is above, and the verdict says so', () => {
  const bare = snapshotOf('broken/reset');
  const report = evaluate(bare.cluster, bare.snapshot, checks);
  expect(report.results.filter(({ status }) => status !== 'ok').map(({ id }) => id)).toEqual(['bare']);
  expect(lastLine(reportText(report))).toBe(
    '✗ reset is not set up: its machines are bare. k8slab provision sets it up.',
  );
});

test('where only some machines are bare, what is found above on those follows from it', () => {
  const { cluster: lab, snapshot: seen } = snapshotOf('broken/reset', [
    { path: '/snapshot/machines/cp1/kubelet/active', value: 'active' },
  ]);
  const findings = evaluate(lab, seen, checks).results.flatMap((result) => result.findings);
  const kubelets = findings.filter(({ code }) => code === 'GUEST_KUBELET_STOPPED');
  expect(kubelets.map(({ machine }) => machine)).toEqual(['worker1', 'worker2']);
  for (const { consequenceOf } of kubelets) expect(consequenceOf).toEqual(['GUEST_BARE']);
});
