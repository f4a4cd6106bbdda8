import { probeNamespace } from '../probeObjects.js';
import type { ClusterSnapshot, NodeFacts } from '../snapshot.js';
import { at, integerAt, listAt, textAt, textsAt } from './json.js';
import { parsePod } from './pod.js';
import { clean, jsonOf, linesOf, type Section } from './sections.js';

type Sections = ReadonlyMap<string, Section>;

/** Annotations worth keeping; others may be long or private. */
const annotationGroups = /^(projectcalico\.org|flannel\.alpha\.coreos\.com|node\.alpha\.kubernetes\.io)\//;

/**
 * What the API said to kubectl on `machine`, from the observations of `collect/cluster.sh`.
 * Undefined when kubectl was not asked there, or gave no list of nodes and pods. Never throws.
 */
export function parseCluster(sections: Sections, machine: string): ClusterSnapshot | undefined {
  const objects = jsonOf(sections, 'cluster-objects');
  if (!Array.isArray(at(objects, 'items'))) return undefined;
  const items = listAt(objects, ['items']);
  const ofKind = (kind: string): unknown[] => items.filter((item) => textAt(item, 'kind') === kind);
  const facts: ClusterSnapshot = {
    askedOn: machine,
    version: textAt(jsonOf(sections, 'cluster-version'), 'gitVersion'),
    nodes: ofKind('Node').flatMap((item) => parseNode(item)),
    // Pods of an earlier look that are just going tell nothing of the lab.
    pods: ofKind('Pod')
      .flatMap((item) => parsePod(item))
      .filter(({ namespace }) => !namespace.startsWith(probeNamespace)),
    apiEndpoints: parseEndpoints(jsonOf(sections, 'cluster-endpoints')),
    deployments: ofKind('Deployment').flatMap((item) => parseDeployment(item)),
  };
  if (sections.has('cluster-ip-pools')) facts.ipPools = parsePools(sections);
  if (sections.has('cluster-bgp')) facts.nodeToNodeMesh = parseMesh(sections);
  if (sections.has('cluster-tokens')) facts.tokenEnds = parseTokens(sections);
  if (sections.has('cluster-kubelets')) facts.kubelets = parseKubelets(sections);
  if (sections.has('cluster-corefile')) facts.corefile = parseCorefile(sections);
  if (sections.has('cluster-coredns-log')) facts.coreDnsLog = linesOf(sections, 'cluster-coredns-log', 20);
  if (sections.has('cluster-cilium-nodes')) facts.ciliumNodes = parseCiliumNodes(sections);
  return facts;
}

function parseNode(item: unknown): NodeFacts[] {
  const name = textAt(item, 'metadata', 'name');
  if (name === null) return [];
  const ready = listAt(item, ['status', 'conditions'], 100).find(
    (entry) => textAt(entry, 'type') === 'Ready',
  );
  return [
    {
      name,
      ready: textAt(ready, 'status') === 'True',
      readyReason: textAt(ready, 'reason') ?? '',
      readyMessage: textAt(ready, 'message') ?? '',
      internalIPs: listAt(item, ['status', 'addresses'], 100)
        .filter((entry) => textAt(entry, 'type') === 'InternalIP')
        .flatMap((entry) => textAt(entry, 'address') ?? []),
      podCIDR: textAt(item, 'spec', 'podCIDR'),
      taints: listAt(item, ['spec', 'taints'], 100).map((taint) => taintText(taint)),
      unschedulable: at(item, 'spec', 'unschedulable') === true,
      kubeletVersion: textAt(item, 'status', 'nodeInfo', 'kubeletVersion') ?? '',
      runtimeVersion: textAt(item, 'status', 'nodeInfo', 'containerRuntimeVersion') ?? '',
      annotations: parseAnnotations(at(item, 'metadata', 'annotations')),
    },
  ];
}

function taintText(taint: unknown): string {
  const value = textAt(taint, 'value');
  return `${textAt(taint, 'key') ?? ''}${value === null ? '' : `=${value}`}:${textAt(taint, 'effect') ?? ''}`;
}

function parseAnnotations(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.keys(value)
      .filter((key) => annotationGroups.test(key))
      .flatMap((key) => {
        const text = textAt(value, key);
        return text === null ? [] : [[key, text]];
      }),
  );
}

function parseEndpoints(json: unknown): string[] | null {
  if (!Array.isArray(at(json, 'items'))) return null;
  const addresses = listAt(json, ['items'], 100)
    .filter((slice) => textAt(slice, 'addressType') !== 'IPv6')
    .flatMap((slice) => listAt(slice, ['endpoints'], 1000))
    .flatMap((endpoint) => textsAt(endpoint, ['addresses']));
  return [...new Set(addresses)].sort();
}

function parseDeployment(item: unknown): NonNullable<ClusterSnapshot['deployments']> {
  const namespace = textAt(item, 'metadata', 'namespace');
  const name = textAt(item, 'metadata', 'name');
  if (namespace === null || name === null) return [];
  return [
    {
      namespace,
      name,
      desired: integerAt(item, 'spec', 'replicas') ?? 1,
      available: integerAt(item, 'status', 'availableReplicas') ?? 0,
    },
  ];
}

function parsePools(sections: Sections): NonNullable<ClusterSnapshot['ipPools']> | null {
  const answer = sections.get('cluster-ip-pools');
  // Before Calico is applied the API does not know the resource at all.
  if (answer?.errors.includes('could not find the requested resource')) return [];
  const json = jsonOf(sections, 'cluster-ip-pools');
  if (!Array.isArray(at(json, 'items'))) return null;
  return listAt(json, ['items'], 1000).flatMap((pool) => {
    const cidr = textAt(pool, 'spec', 'cidr');
    if (cidr === null) return [];
    return {
      name: textAt(pool, 'metadata', 'name') ?? '',
      cidr,
      ipipMode: textAt(pool, 'spec', 'ipipMode') ?? 'Never',
      vxlanMode: textAt(pool, 'spec', 'vxlanMode') ?? 'Never',
      disabled: at(pool, 'spec', 'disabled') === true,
    };
  });
}

/** Without a configuration of one's own, the mesh is there. */
function parseMesh(sections: Sections): boolean | null {
  const json = jsonOf(sections, 'cluster-bgp');
  if (!Array.isArray(at(json, 'items'))) return null;
  const own = listAt(json, ['items'], 100).find((item) => textAt(item, 'metadata', 'name') === 'default');
  return at(own, 'spec', 'nodeToNodeMeshEnabled') !== false;
}

function parseTokens(sections: Sections): string[] | null {
  if (sections.get('cluster-tokens')?.status !== 0) return null;
  return linesOf(sections, 'cluster-tokens', 100);
}

/** `NODE`, kubectl's exit status, and its words. */
function parseKubelets(sections: Sections): NonNullable<ClusterSnapshot['kubelets']> | null {
  const lines = linesOf(sections, 'cluster-kubelets', 5000);
  if (lines === null) return null;
  return lines.flatMap((line) => {
    const [, node, status, said = ''] = /^(\S+) (\d{1,3})(?: (.*))?$/.exec(line) ?? [];
    return node === undefined ? [] : [{ node, ok: status === '0', said }];
  });
}

/** Its indentation says what belongs to what. */
function parseCorefile(sections: Sections): string[] | null {
  const section = sections.get('cluster-corefile');
  if (section?.status !== 0) return null;
  return section.output
    .split('\n')
    .slice(0, 200)
    .map((line) => `${/^ {0,20}/.exec(line)?.[0] ?? ''}${clean(line, 300)}`);
}

function parseCiliumNodes(sections: Sections): NonNullable<ClusterSnapshot['ciliumNodes']> | null {
  // Before Cilium is installed the API does not know the resource at all.
  if (sections.get('cluster-cilium-nodes')?.errors.includes('could not find the requested resource'))
    return [];
  const json = jsonOf(sections, 'cluster-cilium-nodes');
  if (!Array.isArray(at(json, 'items'))) return null;
  return listAt(json, ['items'], 5000).flatMap((node) => {
    const name = textAt(node, 'metadata', 'name');
    if (name === null) return [];
    return {
      name,
      internalIPs: listAt(node, ['spec', 'addresses'], 100)
        .filter((entry) => textAt(entry, 'type') === 'InternalIP')
        .flatMap((entry) => textAt(entry, 'ip') ?? []),
      podCIDRs: textsAt(node, ['spec', 'ipam', 'podCIDRs']),
    };
  });
}
