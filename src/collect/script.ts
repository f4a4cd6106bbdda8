import type { Assets } from '../assets/manifests.js';
import { balancerPrograms, balancers, controlPlanes } from '../plan/balancers.js';
import type { Cluster, Machine } from '../plan/cluster.js';
import { programsOn } from '../plan/programs.js';
import { runtimeService } from '../plan/runtime.js';
import { apiPort, apiUrl } from './apiPort.js';
import { bridgeName } from './bridgeName.js';
import { endpointTarget } from './parse/api.js';
import { outsideNames } from './probeScript.js';
import { shellScript } from './shellScript.js';

/** Kernel modules every Kubernetes node needs. Source: kubernetes.io, container runtimes, "Network configuration". */
const modules = ['overlay', 'br_netfilter'];
const sysctls = [
  'net.ipv4.ip_forward',
  'net.bridge.bridge-nf-call-iptables',
  'net.bridge.bridge-nf-call-ip6tables',
];

/** What only one control plane is asked for: all would say the same. */
const ofCluster = 'cluster';

/**
 * The collector for one machine: settings, then the pieces of `provision-scripts/collect/` that make sense there.
 * Run it as `sudo bash -s` with the script on standard input; what it prints is read by `splitSections` with the
 * same `boundary`, which must be made afresh for every run (letters, digits and dashes).
 * Throws RENDER_ASSET when a piece is missing from the package.
 */
export function collectorScript(
  cluster: Cluster,
  machine: Machine,
  assets: Assets,
  boundary: string,
): string {
  return scriptOf(cluster, machine, assets, boundary, piecesFor(cluster, machine, assets));
}

/**
 * The collector for a control plane that is asked about the cluster alone, as the first one could not tell. Like
 * `collectorScript` in all else.
 */
export function clusterScript(cluster: Cluster, machine: Machine, assets: Assets, boundary: string): string {
  return scriptOf(cluster, machine, assets, boundary, [ofCluster]);
}

function scriptOf(
  cluster: Cluster,
  machine: Machine,
  assets: Assets,
  boundary: string,
  pieces: string[],
): string {
  const files = ['lib', ...(pieces.includes('bridge') ? ['ping'] : []), ...pieces, 'run'];
  return shellScript(
    assets,
    `# k8slab: looks at ${machine.name}, changes nothing.`,
    settingsFor(cluster, machine, boundary, pieces),
    files.map((piece) => `collect/${piece}`),
  );
}

function piecesFor(cluster: Cluster, machine: Machine, assets: Assets): string[] {
  const node = machine.role !== 'load-balancer';
  const own = `cni-${cluster.cni.name}`;
  return [
    'system',
    'condition',
    ...(node ? ['runtime'] : []),
    ...(node && cluster.kubernetes ? ['kubelet'] : []),
    ...(cluster.kubernetes ? ['api'] : []),
    ...(machine.name === controlPlanes(cluster)[0]?.name && cluster.kubernetes ? [ofCluster] : []),
    ...(machine.role === 'control-plane' && cluster.kubernetes ? ['etcd'] : []),
    ...(programsOn(cluster, machine).length > 0 ? ['programs'] : []),
    ...(balancers(cluster).includes(machine) ? ['balancer'] : []),
    ...(machine.podGateway === undefined ? [] : ['bridge']),
    // A CNI may have a piece of its own, named for it.
    ...(node && cluster.kubernetes && assets.texts[fileOf(own)] !== undefined ? [own] : []),
  ];
}

function settingsFor(
  cluster: Cluster,
  machine: Machine,
  boundary: string,
  pieces: string[],
): Record<string, string> {
  const has = (piece: string): boolean => pieces.includes(piece);
  const runtime = runtimeService(cluster);
  return {
    BOUNDARY: boundary,
    PIECES: pieces.join(' '),
    MODULES: modules.join(' '),
    SYSCTLS: sysctls.join(' '),
    OUTSIDE_NAMES: outsideNames.join(' '),
    ...(has('runtime') && {
      RUNTIME_UNIT: runtime.unit,
      RUNTIME_PROGRAM: runtime.program,
      RUNTIME_SOCKET: runtime.socket,
    }),
    ...(has('api') && { API_TARGETS: apiTargets(cluster) }),
    ...(has(ofCluster) && {
      API_PORT: String(apiPort(cluster)),
      CNI: cluster.cni.name,
      NODES: cluster.machines
        .filter(({ role }) => role !== 'load-balancer')
        .map(({ name }) => name)
        .join(' '),
    }),
    ...(has('programs') && {
      PROGRAMS: programsOn(cluster, machine)
        .map(({ name, runs, file }) => `${name} ${runs} ${file}`)
        .join('\n'),
    }),
    ...(has('balancer') && { BALANCERS: balancerPrograms.join(' ') }),
    ...(has('bridge') && {
      BRIDGE: bridgeName(cluster),
      BRIDGE_ADDRESS: machine.podGateway ?? '',
      PEERS: peers(cluster, machine),
    }),
  };
}

/** One `TARGET URL` a line: the endpoint, then the API server of every control plane. */
function apiTargets(cluster: Cluster): string {
  const ready = (url: string): string => `${url}/readyz`;
  return [
    ...(cluster.endpoint ? [`${endpointTarget} ${ready(`https://${cluster.endpoint.hostPort}`)}`] : []),
    ...cluster.machines
      .filter((machine) => machine.role === 'control-plane')
      .map((machine) => `${machine.name} ${ready(apiUrl(cluster, machine))}`),
  ].join('\n');
}

function peers(cluster: Cluster, machine: Machine): string {
  return cluster.machines
    .filter((peer) => peer.name !== machine.name && peer.podGateway !== undefined)
    .map((peer) => `${peer.name} ${peer.podGateway ?? ''}`)
    .join('\n');
}

const fileOf = (piece: string): string => `provision-scripts/collect/${piece}.sh`;
