import type { Snapshot } from '../collect/snapshot.js';
import type { NameAnswer, Ping, ProbeView } from '../collect/snapshotProbes.js';
import type { Cluster } from '../plan/cluster.js';
import type { Cell, Matrix } from './matrices.js';

const none: Cell = { state: 'none', detail: 'not asked' };
const itself: Cell = { state: 'none', detail: 'itself' };
const cell = (ok: boolean, detail: string): Cell => ({ state: ok ? 'ok' : 'failed', detail });

/** What the pods of our own reach, one row each; the last row is this host's, with the ports of the nodes. */
export function probeMatrix(cluster: Cluster, { probes }: Snapshot): Matrix | undefined {
  const names = cluster.machines.map(({ name }) => name).filter((name) => probes?.machines[name]);
  if (!probes || names.length === 0) return undefined;
  const outside = Object.values(probes.machines).some((view) => outsideName(view, cluster) ?? view.outside);
  const rows = names.flatMap((from) => {
    const view = probes.machines[from];
    if (!view) return [];
    const cells = [
      ...names.map((to) => (to === from ? itself : pathCell(view.pings, to))),
      view.service ? cell(view.service.ok, view.service.answer ?? 'no answer') : none,
      nameCell(view.names?.find(({ server }) => server === cluster.networking.dnsServiceAddress)),
      ...(outside ? [nameCell(outsideName(view, cluster)), wayCell(view)] : []),
    ];
    return [{ name: `pod on ${from}`, cells }];
  });
  const columns = [...names, 'Service', 'DNS', ...(outside ? ['DNS outside', 'outside'] : [])];
  const ports = names.map((name) => probes.nodePorts?.find(({ machine }) => machine === name));
  const host = [
    ...ports.map((port) => (port ? cell(port.ok, port.answer ?? 'no answer') : none)),
    ...columns.slice(names.length).map(() => none),
  ];
  return {
    title: 'What pods reach, and this computer by NodePort',
    layer: 'data-path',
    columns,
    rows: [...rows, ...(probes.nodePorts ? [{ name: 'this computer', cells: host }] : [])],
  };
}

function pathCell(pings: readonly Ping[] | null, to: string): Cell {
  const some = (pings ?? []).filter(({ machine }) => machine === to);
  const lost = some.filter(({ ok }) => !ok);
  if (some.length === 0) return none;
  const bytes = (lost.length > 0 ? lost : some).map((ping) => ping.bytes).join(' and ');
  return cell(lost.length === 0, `packets of ${bytes} bytes${lost.length > 0 ? ' are lost' : ''}`);
}

/** The name outside that was asked for: the one that is not in the cluster's domain. */
const outsideName = ({ names }: ProbeView, { networking }: Cluster): NameAnswer | undefined =>
  names?.find(({ name }) => !name.endsWith(`.${networking.dnsDomain}`));

function nameCell(answer: NameAnswer | undefined): Cell {
  if (!answer) return none;
  const { status, addresses, detail, name } = answer;
  return cell(
    status === 'NOERROR' && addresses.length > 0,
    `${name}: ${status === null ? detail : addresses.join(', ') || status}`,
  );
}

const wayCell = ({ outside }: ProbeView): Cell =>
  outside ? cell(outside.ok, `${outside.name}: ${outside.detail || 'reached'}`) : none;
