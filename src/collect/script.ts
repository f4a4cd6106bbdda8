import type { Assets } from '../assets/manifests.js';
import { K8slabError } from '../errors/error.js';
import type { Cluster, Machine } from '../plan/cluster.js';
import { quoteSh } from '../render/quote.js';
import { apiPort, apiUrl } from './apiPort.js';
import { bridgeName } from './bridgeName.js';
import { endpointTarget } from './parse/api.js';

/** Kernel modules every Kubernetes node needs. Source: kubernetes.io, container runtimes, "Network configuration". */
const modules = ['overlay', 'br_netfilter'];
const sysctls = [
  'net.ipv4.ip_forward',
  'net.bridge.bridge-nf-call-iptables',
  'net.bridge.bridge-nf-call-ip6tables',
];

/** Unit, program and CRI socket of a runtime where they differ from its name. */
const runtimes: Record<string, { unit: string; program: string; socket: string }> = {
  containerd: { unit: 'containerd', program: 'containerd', socket: '/run/containerd/containerd.sock' },
  crio: { unit: 'crio', program: 'crio', socket: '/run/crio/crio.sock' },
  'cri-o': { unit: 'crio', program: 'crio', socket: '/run/crio/crio.sock' },
};

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
  const pieces = piecesFor(cluster, machine);
  const settings = Object.entries(settingsFor(cluster, machine, boundary, pieces));
  const files = ['lib', ...pieces, 'run'].map((piece) => pieceText(assets, piece));
  return [
    `# k8slab: looks at ${machine.name}, changes nothing.`,
    '# Everything defined here is for the shells that timeout starts, too.',
    'set -a',
    "LC_ALL='C'",
    ...settings.map(([name, value]) => `readonly ${name}=${quoteSh(value)}`),
    ...files,
  ].join('\n');
}

function piecesFor(cluster: Cluster, machine: Machine): string[] {
  const node = machine.role !== 'load-balancer';
  return [
    'system',
    ...(node ? ['runtime'] : []),
    ...(node && cluster.kubernetes ? ['kubelet'] : []),
    ...(cluster.kubernetes ? ['api'] : []),
    ...(machine.role === 'control-plane' && cluster.kubernetes ? ['cluster'] : []),
    ...(machine.podGateway === undefined ? [] : ['bridge']),
  ];
}

function settingsFor(
  cluster: Cluster,
  machine: Machine,
  boundary: string,
  pieces: string[],
): Record<string, string> {
  const has = (piece: string): boolean => pieces.includes(piece);
  const { name } = cluster.runtime;
  const runtime = runtimes[name] ?? { unit: name, program: name, socket: `/run/${name}/${name}.sock` };
  return {
    BOUNDARY: boundary,
    PIECES: pieces.join(' '),
    MODULES: modules.join(' '),
    SYSCTLS: sysctls.join(' '),
    ...(has('runtime') && {
      RUNTIME_UNIT: runtime.unit,
      RUNTIME_PROGRAM: runtime.program,
      RUNTIME_SOCKET: runtime.socket,
    }),
    ...(has('api') && { API_TARGETS: apiTargets(cluster) }),
    ...(has('cluster') && { API_PORT: String(apiPort(cluster)), CNI: cluster.cni.name }),
    ...(has('bridge') && {
      BRIDGE: bridgeName(cluster),
      BRIDGE_ADDRESS: machine.podGateway ?? '',
      PEERS: peers(cluster, machine),
    }),
  };
}

/** One `TARGET URL` a line: the endpoint, then the API server of every control plane. */
function apiTargets(cluster: Cluster): string {
  const livez = (url: string): string => `${url}/livez`;
  return [
    ...(cluster.endpoint ? [`${endpointTarget} ${livez(`https://${cluster.endpoint.hostPort}`)}`] : []),
    ...cluster.machines
      .filter((machine) => machine.role === 'control-plane')
      .map((machine) => `${machine.name} ${livez(apiUrl(cluster, machine))}`),
  ].join('\n');
}

function peers(cluster: Cluster, machine: Machine): string {
  return cluster.machines
    .filter((peer) => peer.name !== machine.name && peer.podGateway !== undefined)
    .map((peer) => `${peer.name} ${peer.podGateway ?? ''}`)
    .join('\n');
}

function pieceText(assets: Assets, piece: string): string {
  const file = `provision-scripts/collect/${piece}.sh`;
  const text = assets.texts[file];
  if (text === undefined) throw new K8slabError('RENDER_ASSET', `${file} is missing from the package.`);
  return text;
}
