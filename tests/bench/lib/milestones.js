import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { answers } from './kubernetes.js';
import { throwIfStopped } from './programs.js';

/** Between two looks, in milliseconds. */
const interval = 500;
const port = 30080;
const labels = { app: 'web' };

/** What a student tries first: nginx of three replicas behind a port of every machine. */
const deployment = {
  metadata: { name: 'web' },
  spec: {
    replicas: 3,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers: [{ name: 'nginx', image: 'nginx:1', ports: [{ containerPort: 80 }] }] },
    },
  },
};
const service = {
  metadata: { name: 'web' },
  spec: { type: 'NodePort', selector: labels, ports: [{ port: 80, nodePort: port }] },
};

/** In the order in which they are reached; each waits for the one before. */
export const milestoneTitles = {
  api: 'API answers',
  nodes: 'nodes Ready',
  pods: 'pods Running',
  nginx: 'nginx answers',
};

/**
 * Watches a lab come up from outside, and tells when it reached what. nginx is asked for as soon as the API answers.
 * `started`: when the run began, of performance.now(). Gives seconds by milestone, and the second at which each node was Ready.
 * Throws when `seconds` have passed, or what `failed` rejects with.
 */
export async function milestones(api, machines, { started, seconds, failed }) {
  const reached = {};
  const ready = {};
  const now = () => (performance.now() - started) / 1000;
  let ended = false;
  const look = {
    api: async () =>
      (await api.make('/apis/apps/v1/namespaces/default/deployments', deployment)) &&
      (await api.make('/api/v1/namespaces/default/services', service)),
    nodes: async () => {
      const nodes = (await api.list('/api/v1/nodes')) ?? [];
      for (const { metadata, status } of nodes) if (isReady(status)) ready[metadata.name] ??= now();
      return nodes.length === machines.length && nodes.every(({ status }) => isReady(status));
    },
    pods: async () => allRunning(api, machines.length),
    nginx: async () =>
      (await Promise.all(machines.map(({ address }) => answers(`http://${address}:${port}/`)))).every(
        Boolean,
      ),
  };
  const watch = async () => {
    for (const [name, isReached] of Object.entries(look)) {
      while (!(await isReached())) {
        if (ended) return;
        throwIfStopped();
        if (now() > seconds) throw new Error(`After ${seconds} s still not so: ${milestoneTitles[name]}.`);
        await pause(interval);
      }
      reached[name] = now();
    }
  };
  try {
    await Promise.race([watch(), failed]);
  } finally {
    ended = true;
  }
  return { reached, ready };
}

function isReady({ conditions = [] }) {
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** Every pod that controllers want is there and runs, nginx's too. */
async function allRunning(api, machines) {
  const [daemons, deployments, pods] = await Promise.all([
    api.list('/apis/apps/v1/daemonsets'),
    api.list('/apis/apps/v1/deployments'),
    api.list('/api/v1/pods'),
  ]);
  if (daemons === undefined || deployments === undefined || pods === undefined) return false;
  const complete =
    daemons.length >= 2 &&
    daemons.every(({ status }) => status.currentNumberScheduled === machines) &&
    deployments.every(({ spec, status }) => status.replicas === spec.replicas);
  return complete && pods.every(({ status }) => status.phase === 'Running');
}
