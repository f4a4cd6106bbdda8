import { layers } from '../checks/check.js';
import { catalogue, type ErrorCode } from '../errors/catalogue/index.js';
import type { Cluster, Machine } from '../plan/cluster.js';
import { roleName } from '../plan/topology.js';
import type { Snapshot } from '../collect/snapshot.js';
import type { Cell } from './matrices.js';
import type { CheckResult, Report, ReportedFinding } from './report.js';
import { headings } from './text.js';
import { verdict } from './verdict.js';

const marks = { ok: '✓', warning: '!', failed: '✗', unknown: '?', none: '·', skipped: '·' } as const;

/** Everything that the templates of report pages print, decided: they choose and compute nothing. */
export function reportView(cluster: Cluster, snapshot: Snapshot, report: Report) {
  return {
    lab: report.lab,
    verdict: verdict(report),
    state: report.sound ? 'ok' : 'failed',
    mark: report.sound ? marks.ok : marks.failed,
    takenAt: report.takenAt,
    tool: snapshot.tool,
    facts: factsOf(cluster),
    hostAddress: cluster.networking.hostOnly.hostAddress,
    hostOnly: cluster.networking.hostOnly.cidr,
    machines: cluster.machines.map((machine) => machineView(cluster, machine, snapshot, report)),
    findings: groups(report, ({ consequenceOf }) => consequenceOf === undefined),
    consequences: groups(report, ({ consequenceOf }) => consequenceOf !== undefined),
    layers: layers.flatMap((layer) => {
      const results = report.results.filter((result) => result.layer === layer);
      return results.length === 0
        ? []
        : [{ id: layer, heading: headings[layer], results: results.map(resultView), ...countsOf(results) }];
    }),
    matrices: report.matrices.map(({ title, columns, rows }) => ({
      title,
      columns,
      rows: rows.map(({ name, cells }) => ({ name, cells: cells.map(cellView) })),
    })),
    ...countsOf(report.results),
  };
}

export type ReportView = ReturnType<typeof reportView>;

function factsOf(cluster: Cluster): { name: string; value: string }[] {
  const { kubernetes, runtime, cni, endpoint, networking } = cluster;
  const named = ({ name, version }: { name: string; version?: string }): string =>
    version === undefined ? name : `${name} ${version}`;
  return [
    ...(kubernetes ? [{ name: 'Kubernetes', value: kubernetes.version }] : []),
    { name: 'runtime', value: named(runtime) },
    { name: 'CNI', value: named(cni) },
    { name: 'pods', value: networking.podSubnet },
    ...(endpoint ? [{ name: 'API', value: endpoint.hostPort }] : []),
    { name: 'provider', value: cluster.provider },
  ];
}

function machineView(cluster: Cluster, machine: Machine, snapshot: Snapshot, report: Report) {
  const own = report.results
    .flatMap(({ findings }) => findings)
    .filter((finding) => finding.machine === machine.name);
  const roots = own.filter(({ consequenceOf }) => consequenceOf === undefined);
  const reached = snapshot.machines[machine.name]?.reachable === true;
  const failed = roots.some(({ severity }) => severity === 'failed');
  const state = failed || !reached ? 'failed' : own.length > 0 ? 'warning' : 'ok';
  const words = [...new Set(roots.map(({ code }) => catalogue[code].title))];
  return {
    name: machine.name,
    role: roleName(cluster, machine.role),
    address: machine.address,
    podCidr: machine.podCidr ?? '',
    size: `${machine.cpus} CPU, ${machine.memoryMiB} MiB`,
    state,
    mark: marks[state],
    link: reached ? 'ok' : 'failed',
    linkWords: reached ? 'reached over ssh' : 'not reached over ssh',
    words: words.length > 0 ? words : [own.length > 0 ? 'follows from findings elsewhere' : 'as planned'],
  };
}

/** Findings of one code share their cause and fix, and are told together. */
function groups(report: Report, wanted: (finding: ReportedFinding) => boolean) {
  const all = report.results.flatMap(({ findings }) => findings).filter(wanted);
  return [...new Set(all.map(({ code }) => code))].map((code) =>
    groupView(
      code,
      all.filter((finding) => finding.code === code),
    ),
  );
}

function groupView(code: ErrorCode, findings: ReportedFinding[]) {
  const { title, why, fix } = catalogue[code];
  const state = findings.some(({ severity }) => severity === 'failed') ? 'failed' : 'warning';
  return {
    code,
    title,
    why,
    state,
    mark: marks[state],
    follows: [...new Set(findings.flatMap(({ consequenceOf }) => consequenceOf ?? []))],
    findings: findings.map(({ machine, message, evidence }) => ({
      machine: machine ?? 'the cluster',
      message,
      evidence,
    })),
    fixes: [...new Set(findings.flatMap((finding) => finding.fix ?? fix))],
  };
}

function resultView({ id, title, status, reason, findings }: CheckResult) {
  return {
    id,
    title,
    state: status,
    mark: marks[status],
    reason: reason ?? '',
    messages: findings.map(({ code, message, evidence }) => ({ code, message, evidence })),
    failed: status === 'failed',
    unknown: status === 'unknown',
    skipped: status === 'skipped',
    warning: status === 'warning',
  };
}

const cellView = ({ state, detail }: Cell) => ({ state, mark: marks[state], detail });

function countsOf(results: readonly CheckResult[]) {
  const count = (status: CheckResult['status']): number =>
    results.filter((result) => result.status === status).length;
  return {
    tests: results.length,
    failures: count('failed'),
    errors: count('unknown'),
    left: count('skipped'),
  };
}
