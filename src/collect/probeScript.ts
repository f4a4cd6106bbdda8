import type { Assets } from '../assets/manifests.js';
import type { Cluster, Machine } from '../plan/cluster.js';
import { apiPort } from './apiPort.js';
import { dnsQuestion } from './dnsPacket.js';
import { probeLabel, workloadName } from './probeObjects.js';
import { shellScript } from './shellScript.js';

/** Hosts outside that labs themselves download from; the first that a machine resolves is asked for. */
export const outsideNames = ['registry.k8s.io', 'pkgs.k8s.io'];

/** Name of the API's Service: one that every cluster has. */
export const insideName = ({ networking }: Cluster): string =>
  `kubernetes.default.svc.${networking.dnsDomain}`;

/**
 * All in seconds; `try` is the limit of one `kubectl logs` or `exec`. The connection that keeps the pods alive outlasts everything
 * that is done with them.
 */
export const probeTimes = { pods: 30, workload: 60, try: 15, hold: 150 };

export interface PodsScript {
  namespace: string;
  /** For `kubectl create`. */
  objects: string;
  /** Whether there is a workload among them. */
  workload: boolean;
  boundary: string;
}

/**
 * Makes the objects, says on lines that begin with `boundary` what became of them, and removes the namespace when its standard
 * input, on which it arrives, ends. For a control plane. Throws RENDER_ASSET.
 */
export function podsScript(cluster: Cluster, assets: Assets, script: PodsScript): string {
  return shellScript(
    assets,
    `# k8slab: starts a pod on every node of ${cluster.name}, and removes it again.`,
    {
      BOUNDARY: script.boundary,
      API_PORT: String(apiPort(cluster)),
      NAMESPACE: script.namespace,
      LABEL: probeLabel,
      MANIFEST: script.objects,
      WORKLOAD: script.workload ? workloadName : '',
      POD_SECONDS: String(probeTimes.pods),
      WORKLOAD_SECONDS: String(probeTimes.workload),
      TRY_SECONDS: String(probeTimes.try),
      HOLD_SECONDS: String(probeTimes.hold),
    },
    ['collect/lib', 'collect/cluster', 'probe/pods'],
  );
}

/**
 * What the pod on a machine reaches. `addresses` are those of all probes by machine, `servers` the pods of CoreDNS. Its output is
 * read by `splitSections`. Throws RENDER_ASSET.
 */
export function nodeScript(
  cluster: Cluster,
  machine: Machine,
  assets: Assets,
  asked: { boundary: string; addresses: ReadonlyMap<string, string>; servers: readonly string[] },
): string {
  const { apiServiceAddress, dnsServiceAddress } = cluster.networking;
  const inside = insideName(cluster);
  const question = dnsQuestion(inside);
  return shellScript(
    assets,
    `# k8slab: looks out of the probe pod of ${machine.name}, changes nothing.`,
    {
      BOUNDARY: asked.boundary,
      PIECES: 'node',
      POD_ADDRESS: asked.addresses.get(machine.name) ?? '',
      PEERS: [...asked.addresses]
        .filter(([name]) => name !== machine.name)
        .map((peer) => peer.join(' '))
        .join('\n'),
      SERVICE_URL: `https://${apiServiceAddress}/readyz`,
      DNS_SERVER: dnsServiceAddress,
      QUESTIONS: [dnsServiceAddress, ...asked.servers]
        .map((server) => `${inside} ${server} ${question}`)
        .join('\n'),
      OUTSIDE: outsideNames.map((name) => `${name} ${dnsQuestion(name)}`).join('\n'),
    },
    ['collect/lib', 'collect/ping', 'probe/node', 'collect/run'],
  );
}
