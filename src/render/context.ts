import type { Cluster, Machine, Role } from '../plan/cluster.js';
import { runtimeService } from '../plan/runtime.js';
import type { SecretFacts } from './fileTree.js';

/** What templates about the cluster as a whole may print. */
export function clusterContext(cluster: Cluster): Record<string, unknown> {
  const controlPlanes = ofRole(cluster, 'control-plane');
  const workers = ofRole(cluster, 'worker');
  const nodes = [...controlPlanes, ...workers];
  return {
    cluster,
    controlPlanes,
    workers,
    loadBalancers: ofRole(cluster, 'load-balancer'),
    balancers: cluster.machines.filter(({ balancer }) => balancer !== undefined),
    nodes,
    ...present({
      firstControlPlane: controlPlanes[0],
      firstNode: nodes[0],
      lastNode: nodes.at(-1),
      endpoint: cluster.endpoint,
      kubernetes: cluster.kubernetes,
      loadBalancer: cluster.loadBalancer,
    }),
    stacked: cluster.loadBalancer?.on === 'control-plane',
    networking: cluster.networking,
    runtime: runtimeService(cluster),
    registries: mirroredRegistries(cluster),
    certSANs: certSANs(cluster),
    image: imagesByName(cluster),
    options: {
      cni: cluster.cni.options,
      runtime: cluster.runtime.options,
      bootstrap: cluster.bootstrap.options,
      ...(cluster.loadBalancer && { loadBalancer: cluster.loadBalancer.options }),
    },
  };
}

/** What a configuration file of one machine may print, besides `clusterContext`. */
export function machineContext(
  cluster: Cluster,
  machine: Machine,
  facts: SecretFacts,
): Record<string, unknown> {
  return {
    ...clusterContext(cluster),
    machine,
    settings: Object.fromEntries(machine.settings.map(({ name, value }) => [name, value])),
    caCertHash: facts.caCertHash ?? '',
    programs: programs(cluster),
    tainted: machine.role === 'control-plane' && !machine.schedulable,
  };
}

/** Files that are downloaded for one processor, with the URL that machines of this lab take: the bundle's where there is one. */
function programs({ sources, bundle }: Cluster): Record<string, string>[] {
  return sources.flatMap(({ id, kind, url, arch, sha256 }) =>
    kind === 'file' && arch !== undefined && sha256 !== undefined
      ? [{ id, arch, sha256, url: bundle ? `${bundle.mirror}/files/${url.replace(/^https:\/\//, '')}` : url }]
      : [],
  );
}

/** The registries that the lab's bundle has images of, and where it offers them; `plain`: over plain HTTP. */
function mirroredRegistries({ bundle }: Cluster): { name: string; mirror: string; plain: boolean }[] {
  if (bundle === undefined) return [];
  const place = bundle.mirror.replace(/^https?:\/\//, '').replace(/\/$/, '');
  const plain = bundle.mirror.startsWith('http:');
  return (bundle.registries ?? []).map((name) => ({ name, mirror: `${place}/${name}`, plain }));
}

/** Images that the cluster runs, by the last part of their names: `coredns`. */
function imagesByName({ images }: Cluster): Record<string, string> {
  return Object.fromEntries(
    images.map((image) => [
      image
        .replace(/:[^:/]*$/, '')
        .split('/')
        .at(-1) ?? image,
      image,
    ]),
  );
}

/** Names and addresses under which the API may be asked: the certificate of the API server lists them. */
function certSANs(cluster: Cluster): string[] {
  const servers = [...ofRole(cluster, 'control-plane'), ...ofRole(cluster, 'load-balancer')];
  const names = servers.flatMap((machine) => [machine.address, machine.name]);
  const endpoint = cluster.endpoint ? [cluster.endpoint.address] : [];
  return [...new Set([...names, ...endpoint, 'localhost', '127.0.0.1'])];
}

function ofRole(cluster: Cluster, role: Role): Machine[] {
  return cluster.machines.filter((machine) => machine.role === role);
}

function present(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
