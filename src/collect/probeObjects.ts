import type { Assets } from '../assets/manifests.js';
import type { Cluster, Machine } from '../plan/cluster.js';

/** Objects that belong to probes carry this label; its value tells a node's pod from the namespace itself. */
export const probeLabel = 'k8slab.io/probe';

/** Every run has a namespace of its own, whose name begins so. */
export const probeNamespace = 'k8slab-probe-';

/** The workload: the Deployment's and the Service's name, and how many pods it has. */
export const workloadName = 'web';
export const replicas = 3;

/** What the reference systems prove themselves with, or undefined where the lab's bundle has no image for it. */
export function workloadImage({ bundle }: Cluster, { kubernetes }: Assets): string | undefined {
  const [image] = kubernetes.trialImages ?? [];
  return bundle && image !== undefined && !bundle.images.includes(image) ? undefined : image;
}

/**
 * Image of a node's probe: the one that holds every pod's network, so that it is on every machine already. It holds no
 * program that could look around.
 */
function pauseImage({ runtime, images }: Cluster): string | undefined {
  const { sandbox } = runtime.options;
  return typeof sandbox === 'string' && sandbox !== ''
    ? sandbox
    : images.find((name) => /\/pause[:@]/.test(name));
}

/**
 * A namespace with a pod on each of these machines, and the workload, as one JSON text for `kubectl create`.
 * Undefined where the lab names no image that could be used.
 */
export function probeObjects(
  cluster: Cluster,
  assets: Assets,
  namespace: string,
  machines: readonly Machine[],
): string | undefined {
  const pause = pauseImage(cluster);
  if (pause === undefined) return undefined;
  const web = workloadImage(cluster, assets);
  const items = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { [probeLabel]: 'run' } } },
    // Of its own: the namespace's `default` is made a moment after the namespace.
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'probe', namespace },
      automountServiceAccountToken: false,
    },
    ...machines.map(({ name }) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `probe-${name}`, namespace, labels: { [probeLabel]: 'node' } },
      // The scheduler is not asked, and no taint keeps it away: every node has to start it.
      spec: { ...podSpec(pause), nodeName: name, tolerations: [{ operator: 'Exists' }] },
    })),
    ...(web === undefined ? [] : workload(namespace, web)),
  ];
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

function workload(namespace: string, image: string): object[] {
  const labels = { [probeLabel]: 'workload' };
  const metadata = { name: workloadName, namespace, labels };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec(image) },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { type: 'NodePort', selector: labels, ports: [{ port: 80 }] },
    },
  ];
}

const podSpec = (image: string): object => ({
  serviceAccountName: 'probe',
  enableServiceLinks: false,
  terminationGracePeriodSeconds: 1,
  containers: [{ name: 'main', image, imagePullPolicy: 'IfNotPresent' }],
});
