import type { ApiAnswer, Snapshot } from '../collect/snapshot.js';
import type { Cluster } from '../plan/cluster.js';
import type { Layer } from '../checks/check.js';
import { isKubernetes } from '../checks/look.js';
import { probeMatrix } from './probeMatrix.js';

/** Who reaches whom, one row for each who asked. */
export interface Matrix {
  title: string;
  /** The layer whose checks judge it. */
  layer: Layer;
  columns: string[];
  rows: { name: string; cells: Cell[] }[];
}

/** `none`: was not asked, or cannot be. */
export interface Cell {
  state: 'ok' | 'failed' | 'none';
  /** What was seen, in a few words. */
  detail: string;
}

const none: Cell = { state: 'none', detail: 'not asked' };

/** The matrices that a snapshot has something for: who reaches the API, whose containers reach whose, what pods reach. */
export function matrices(cluster: Cluster, snapshot: Snapshot): Matrix[] {
  const all = [apiMatrix(cluster, snapshot), bridgeMatrix(cluster, snapshot), probeMatrix(cluster, snapshot)];
  return all.filter((matrix) => matrix !== undefined);
}

function apiMatrix(cluster: Cluster, snapshot: Snapshot): Matrix | undefined {
  const { endpoint } = cluster;
  if (endpoint === undefined) return undefined;
  const controlPlanes = cluster.machines
    .filter(({ role }) => role === 'control-plane')
    .map(({ name }) => name);
  const askers = [
    { name: 'this computer', api: snapshot.host },
    ...cluster.machines.map(({ name }) => ({ name, api: snapshot.machines[name]?.api })),
  ].filter(({ api }) => api !== undefined);
  if (askers.length === 0) return undefined;
  return {
    title: 'Who reaches the Kubernetes API',
    layer: 'control-plane',
    columns: [endpoint.hostPort, ...controlPlanes],
    rows: askers.map(({ name, api }) => ({
      name,
      cells: [
        cellOf(api?.endpoint),
        ...controlPlanes.map((one) => cellOf(api?.controlPlanes?.find(({ machine }) => machine === one))),
      ],
    })),
  };
}

const cellOf = (answer: ApiAnswer | null | undefined): Cell =>
  answer ? { state: answer.ok ? 'ok' : 'failed', detail: answer.answer ?? 'no answer' } : none;

function bridgeMatrix(cluster: Cluster, snapshot: Snapshot): Matrix | undefined {
  const names = cluster.machines.map(({ name }) => name);
  const pings = new Map(names.map((name) => [name, snapshot.machines[name]?.bridge?.pings ?? []]));
  if ([...pings.values()].every((some) => some.length === 0)) return undefined;
  // A Kubernetes node without a pod has no bridge yet: nothing is there to answer.
  const silent = new Set(
    names.filter((name) => isKubernetes(cluster) && snapshot.machines[name]?.bridge?.exists === false),
  );
  const cell = (from: string, to: string): Cell => {
    if (silent.has(from) || silent.has(to)) return { state: 'none', detail: 'no pod, and so no bridge, yet' };
    const some = (pings.get(from) ?? []).filter(({ machine }) => machine === to);
    if (some.length === 0) return none;
    const lost = some.filter(({ ok }) => !ok);
    const bytes = (lost.length > 0 ? lost : some).map((ping) => ping.bytes).join(' and ');
    return lost.length > 0
      ? { state: 'failed', detail: `packets of ${bytes} bytes are lost` }
      : { state: 'ok', detail: `packets of ${bytes} bytes` };
  };
  return {
    title: 'Pings from bridge to bridge, from the machine on the left to the one above',
    layer: 'cni',
    columns: names,
    rows: names.map((from) => ({ name: from, cells: names.map((to) => cell(from, to)) })),
  };
}
