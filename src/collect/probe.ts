import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Assets } from '../assets/manifests.js';
import type { Cluster, Machine } from '../plan/cluster.js';
import { announcements, type Announcements } from './announcements.js';
import type { RunOn } from './collect.js';
import { parseObjects, parseView } from './parse/probe.js';
import { splitSections } from './parse/sections.js';
import { probeNamespace, probeObjects, workloadImage } from './probeObjects.js';
import { nodeScript, podsScript, probeTimes } from './probeScript.js';
import type { ApiAnswer, Snapshot } from './snapshot.js';
import type { ProbeFacts, ProbeView } from './snapshotProbes.js';

export interface ProbeOptions {
  assets: Assets;
  signal: AbortSignal;
  /** Asks for a page from this host. */
  askPage: (url: string, options: { signal: AbortSignal }) => Promise<ApiAnswer>;
  /** For so many milliseconds a NodePort that does not answer is asked again; 10 s by default. */
  patience?: number;
}

/** Nothing was started, and why. */
export const notProbed = (why: string): ProbeFacts => ({
  notAsked: why,
  pods: null,
  machines: {},
  nodePorts: null,
});

/**
 * Starts a pod on every node that is Ready, and the workload, asks from each pod what it reaches, and removes all of it. The
 * control plane that makes them removes them when our connection to it ends: so they also go when this program is stopped
 * or killed. Rejects only when `signal` is aborted or the package is broken.
 */
export async function probeLab(
  cluster: Cluster,
  snapshot: Snapshot,
  runOn: RunOn,
  options: ProbeOptions,
): Promise<ProbeFacts> {
  const facts = snapshot.cluster;
  const ready = new Set(facts?.nodes?.filter((node) => node.ready).map(({ name }) => name));
  const machines = cluster.machines.filter(({ name }) => ready.has(name));
  if (!facts || machines.length === 0) return notProbed('no node is Ready, so no pod would start');
  const namespace = `${probeNamespace}${randomBytes(4).toString('hex')}`;
  const objects = probeObjects(cluster, options.assets, namespace, machines);
  if (objects === undefined) return notProbed('the plan names no image that a pod could be made of');

  const started = performance.now();
  const boundary = newBoundary();
  const heard = announcements(boundary);
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const image = workloadImage(cluster, options.assets);
  const script = { namespace, objects, workload: image !== undefined, boundary };
  const holding = runOn(facts.askedOn, podsScript(cluster, options.assets, script), {
    timeoutMs: (probeTimes.hold + 20) * 1000,
    signal: options.signal,
    onLine: heard.line,
    inputUntil: finished,
  })
    .catch(() => ({ stdout: '' }))
    .finally(heard.end);
  let seen: Pick<ProbeFacts, 'machines' | 'nodePorts'>;
  try {
    seen = await look(cluster, snapshot, machines, { runOn, heard, ...options });
  } finally {
    finish();
    await holding;
  }
  options.signal.throwIfAborted();
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const objectsSeen = parseObjects((await holding).stdout, boundary, image);
  const [refused] = heard.said('refused');
  return { ...(refused !== undefined && { refused }), seconds, ...objectsSeen, ...seen };
}

interface Looking extends ProbeOptions {
  runOn: RunOn;
  heard: Announcements;
}

/** Asks as soon as there is something to ask: from the pods, while the workload still starts. */
async function look(
  cluster: Cluster,
  snapshot: Snapshot,
  machines: readonly Machine[],
  { heard, ...options }: Looking,
): Promise<Pick<ProbeFacts, 'machines' | 'nodePorts'>> {
  await heard.until('pods', 'refused');
  const addresses = new Map(
    heard.said('pod').flatMap((line): [string, string][] => {
      const [machine = '', address = ''] = line.split(' ');
      return address === '' ? [] : [[machine, address]];
    }),
  );
  const views = viewsOf(cluster, snapshot, { addresses, ...options });
  await heard.until('all', 'refused');
  const [port] = heard.said('port');
  const nodePorts = port === undefined ? null : await askNodePorts(machines, port, options);
  return { machines: await views, nodePorts };
}

/** Every machine whose pod has an address looks out of it, all at the same time. */
async function viewsOf(
  cluster: Cluster,
  snapshot: Snapshot,
  {
    runOn,
    addresses,
    assets,
    signal,
  }: ProbeOptions & { runOn: RunOn; addresses: ReadonlyMap<string, string> },
): Promise<Record<string, ProbeView>> {
  const servers = (snapshot.cluster?.pods ?? []).flatMap(({ namespace, name, ready, podIP }) =>
    namespace === 'kube-system' && name.startsWith('coredns-') && ready && podIP !== null ? [podIP] : [],
  );
  const boundary = newBoundary();
  const views = cluster.machines
    .filter(({ name }) => addresses.has(name))
    .map(async (machine): Promise<[string, ProbeView]> => {
      const script = nodeScript(cluster, machine, assets, { boundary, addresses, servers });
      const { stdout } = await runOn(machine.name, script, { timeoutMs: 40_000, signal }).catch(() => ({
        stdout: '',
      }));
      return [machine.name, parseView(splitSections(stdout, boundary), cluster)];
    });
  return Object.fromEntries(await Promise.all(views));
}

async function askNodePorts(
  machines: readonly Machine[],
  port: string,
  { askPage, signal, patience = 10_000 }: ProbeOptions,
): Promise<NonNullable<ProbeFacts['nodePorts']>> {
  const deadline = Date.now() + patience;
  // kube-proxy on a busy machine sets the rules of a new Service up some seconds late.
  const ask = async (url: string): Promise<ApiAnswer> => {
    const answer = await askPage(url, { signal });
    if (answer.ok || signal.aborted || Date.now() >= deadline) return answer;
    await sleep(500);
    return ask(url);
  };
  return Promise.all(
    machines.map(async ({ name, address }) => ({
      machine: name,
      ...(await ask(`http://${address}:${port}/`)),
    })),
  );
}

/** Nobody on a machine can guess it. */
const newBoundary = (): string => `k8slab-${randomBytes(16).toString('hex')}`;
