import { randomBytes } from 'node:crypto';
import type { Assets } from '../assets/manifests.js';
import { balancers, controlPlanes } from '../plan/balancers.js';
import type { Cluster, Machine } from '../plan/cluster.js';
import { parseApi } from './parse/api.js';
import { parseBalancer, parseEtcd } from './parse/availability.js';
import { parseBridge } from './parse/bridge.js';
import { parseCalico } from './parse/calico.js';
import { parseCluster } from './parse/cluster.js';
import { parseCondition } from './parse/condition.js';
import { parsePrograms } from './parse/programs.js';
import { clean, splitLines, splitSections, type CollectorOutput } from './parse/sections.js';
import { parseKubelet, parseRuntime } from './parse/services.js';
import { parseSystem } from './parse/system.js';
import { bridgeName } from './bridgeName.js';
import { clusterScript, collectorScript } from './script.js';
import type { ClusterSnapshot, HostFacts, MachineSnapshot, Snapshot } from './snapshot.js';

/** What a program on a machine gave back. */
export interface RunResult {
  /** ssh's 255 means that the machine was not reached; null when a signal ended ssh. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a script on a machine as root: `sudo bash -s` over ssh, the script on standard input.
 * Must end by `timeoutMs`; may reject, which counts as not reached.
 */
export type RunOn = (
  machine: string,
  script: string,
  options: {
    timeoutMs: number;
    signal: AbortSignal;
    /** Told of every line on the way. */
    onLine?: (line: string) => void;
    /** Standard input stays open after the script until this settles. */
    inputUntil?: Promise<void>;
  },
) => Promise<RunResult>;

export interface CollectOptions {
  assets: Assets;
  /** Version of this program, for the record. */
  tool: string;
  /** Asks the API from this host; without it the snapshot says nothing of the host. */
  askHost?: (cluster: Cluster, options: { signal: AbortSignal }) => Promise<HostFacts>;
  /** For one machine, all of it; 40 s by default. The collector itself takes at most about 31 s. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** The host's clock; for tests. */
  now?: () => Date;
  /** Boundary between observations; random by default. */
  boundary?: string;
}

/**
 * Looks at every machine of a lab at once, with one connection a machine. Machines that cannot be reached, are
 * too slow or answer nonsense become facts of the snapshot; rejects only when `signal` is aborted or the package
 * is broken.
 */
export async function collectSnapshot(
  cluster: Cluster,
  runOn: RunOn,
  options: CollectOptions,
): Promise<Snapshot> {
  const now = options.now ?? (() => new Date());
  const takenAt = now().toISOString();
  const boundary = options.boundary ?? `k8slab-${randomBytes(16).toString('hex')}`;
  const timeoutMs = options.timeoutMs ?? 40_000;
  const signal = options.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const ask = cluster.kubernetes ? options.askHost : undefined;
  const asking = ask?.(cluster, { signal });
  const run = ({ name }: Machine, script: string): Promise<RunResult | { error: string }> =>
    attempt(runOn, name, script, timeoutMs, signal);
  const looks = await Promise.all(
    cluster.machines.map(async (machine) => {
      const script = collectorScript(cluster, machine, options.assets, boundary);
      const started = now().getTime();
      const result = await run(machine, script);
      const seconds = Math.round((now().getTime() - started) / 100) / 10;
      return look(cluster, machine, result, boundary, seconds);
    }),
  );
  const asked =
    looks.find((entry) => entry.cluster)?.cluster ??
    (await askOthers(cluster, looks, async (machine) => {
      const result = await run(machine, clusterScript(cluster, machine, options.assets, boundary));
      return 'error' in result
        ? undefined
        : parseCluster(splitSections(result.stdout, boundary).sections, machine.name);
    }));
  const host = await asking;
  signal.throwIfAborted();
  return {
    schema: 1,
    lab: cluster.name,
    takenAt,
    tool: options.tool,
    machines: Object.fromEntries(looks.map((entry) => [entry.name, entry.facts])),
    ...(asked && { cluster: asked }),
    ...(host && { host }),
  };
}

/** What the first of the other control planes that can tell says of the cluster, of those that were reached. */
async function askOthers(
  cluster: Cluster,
  looks: readonly Look[],
  ask: (machine: Machine) => Promise<ClusterSnapshot | undefined>,
): Promise<ClusterSnapshot | undefined> {
  if (cluster.kubernetes === undefined) return undefined;
  const reached = new Set(looks.filter(({ facts }) => facts.reachable).map(({ name }) => name));
  const others = controlPlanes(cluster).slice(1);
  const answers = await Promise.all(others.filter(({ name }) => reached.has(name)).map(ask));
  return answers.find((answer) => answer !== undefined);
}

/** Runs the script, and stops waiting a little after the time is up even if the runner does not. */
async function attempt(
  runOn: RunOn,
  machine: string,
  script: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<RunResult | { error: string }> {
  let giveUp = (): void => undefined;
  const late = new Promise<{ error: string }>((resolve) => {
    giveUp = () => {
      resolve({ error: `no answer within ${Math.round(timeoutMs / 1000)} s` });
    };
  });
  const timer = setTimeout(giveUp, timeoutMs + 2000);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([runOn(machine, script, { timeoutMs, signal }), late]);
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

interface Look {
  name: string;
  facts: MachineSnapshot;
  cluster?: ClusterSnapshot;
}

function look(
  cluster: Cluster,
  machine: Machine,
  result: RunResult | { error: string },
  boundary: string,
  seconds: number,
): Look {
  const { name } = machine;
  if ('error' in result) {
    return { name, facts: { reachable: false, error: clean(result.error), seconds } };
  }
  const output = splitSections(result.stdout, boundary);
  if (output.sections.size === 0 && !output.complete) {
    // 255 is ssh's own failure; anything else came from the machine.
    const error = splitLines(result.stderr, 5).join('; ') || `exit status ${result.exitCode ?? 'unknown'}`;
    return {
      name,
      facts: { reachable: result.exitCode !== 255 && result.exitCode !== null, error, seconds },
    };
  }
  const facts = read(cluster, machine, output);
  facts.seconds = seconds;
  if (!output.complete) facts.error = 'the answer broke off before its end';
  const answer = machine.role === 'control-plane' ? parseCluster(output.sections, name) : undefined;
  return { name, facts, ...(answer && { cluster: answer }) };
}

function read(cluster: Cluster, machine: Machine, { sections }: CollectorOutput): MachineSnapshot {
  const system = parseSystem(sections);
  const facts: MachineSnapshot = { reachable: true, system, condition: parseCondition(sections) };
  const node = machine.role !== 'load-balancer';
  if (node) facts.runtime = parseRuntime(sections, cluster.runtime.name);
  if (node && cluster.kubernetes) facts.kubelet = parseKubelet(sections);
  if (cluster.kubernetes) facts.api = parseApi(sections, machine.role === 'control-plane');
  if (balancers(cluster).includes(machine)) facts.balancer = parseBalancer(sections);
  if (cluster.kubernetes && machine.role === 'control-plane') facts.etcd = parseEtcd(sections);
  if (sections.has('programs')) facts.programs = parsePrograms(sections);
  if (sections.has('calico-node-name')) facts.calico = parseCalico(sections);
  if (machine.podGateway !== undefined) {
    facts.bridge = parseBridge(sections, bridgeName(cluster), system.interfaces);
  }
  return facts;
}
