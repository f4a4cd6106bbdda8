import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Check } from '../../../src/checks/check.js';
import { loadChecks } from '../../../src/collect/loadChecks.js';
import type { BalancerFacts, Snapshot } from '../../../src/collect/snapshot.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import { allFixtures, snapshotOf } from './fixtures.js';

/** Each fault that the checks know, in labs made of something else than the one it was seen in. */
const fixtures = allFixtures().map(({ check: id, file, base, changes }) => ({
  id,
  file,
  document: snapshotOf(base, changes),
}));
let checks: Check[] = [];
beforeAll(async () => {
  checks = await loadChecks();
});

interface Advised {
  fixture: string;
  fix: string;
}

/** What is advised in every fixture, when its lab and what was seen of it are changed first. */
function advised(
  changed: (cluster: Cluster) => Cluster,
  seen: (snapshot: Snapshot) => Snapshot = (one) => one,
) {
  return fixtures.flatMap(({ id, file, document }): Advised[] => {
    const cluster = changed(document.cluster);
    const check = checks.find((one) => one.id === id);
    if (!check?.applies(cluster)) return [];
    const answer = check.evaluate(cluster, seen(document.snapshot));
    const findings = Array.isArray(answer) ? answer : (answer.findings ?? []);
    return findings.flatMap(({ fix = [] }) => fix.map((one) => ({ fixture: `${id}/${file}`, fix: one })));
  });
}

const of = (all: readonly Advised[], check: string): string[] => [
  ...new Set(all.filter(({ fixture }) => fixture.startsWith(`${check}/`)).map(({ fix }) => fix)),
];

describe('in a lab made the hard way', () => {
  const asHardWay = (cluster: Cluster): Cluster => {
    const { bootstrap } = snapshotOf('hard-way-3cp-3w').cluster;
    return { ...cluster, bootstrap };
  };

  test('no command needs what only kubeadm’s labs have', () => {
    const all = advised(asHardWay);
    expect(all.length).toBeGreaterThan(100);
    // What balances the API, and says itself how it runs, was seen in another lab.
    const wrong = all.filter(
      ({ fixture, fix }) =>
        !fixture.startsWith('balancer-programs/') &&
        /crictl|kubeadm|kubernetes\/manifests|component=kube-|daemonset kube-proxy|apt-cache|exec etcd-/.test(
          fix,
        ),
    );
    expect(wrong).toEqual([]);
  });

  test('kube-proxy is started anew as the unit that it is, on each machine that needs it', () => {
    const all = advised(asHardWay);
    for (const check of ['service-from-pods', 'dns-from-pods', 'node-ports']) {
      expect(of(all, check)).toContain('k8slab ssh worker2 -- sudo systemctl restart kube-proxy');
    }
    const everywhere = all.filter(({ fixture }) => fixture === 'service-from-pods/everywhere.json');
    for (const machine of ['cp1', 'worker1', 'worker2']) {
      expect(everywhere.map(({ fix }) => fix)).toContain(
        `k8slab ssh ${machine} -- sudo systemctl restart kube-proxy`,
      );
    }
  });

  test('logs of the scheduler and the controller manager are those of their units', () => {
    const all = advised(asHardWay);
    expect(of(all, 'workload').join('\n')).toContain('cp1 -- sudo journalctl -u kube-scheduler');
    expect(of(all, 'flannel-subnet').join('\n')).toContain(
      'cp1 -- sudo journalctl -u kube-controller-manager',
    );
  });

  test('a certificate with wrong names is placed anew on the machine that has it', () => {
    const { cluster, snapshot } = snapshotOf('hard-way-3cp-3w');
    const certificates = snapshot.machines.cp2?.api?.certificates ?? [];
    const own = certificates.find(({ path }) => path.endsWith('/apiserver.crt'));
    if (!own) throw new Error('cp2 shows no certificate of its API server');
    own.sans = ['kubernetes'];
    const answer = checks.find(({ id }) => id === 'certificates')?.evaluate(cluster, snapshot);
    expect(answer).toMatchObject([
      { code: 'K8S_CERTIFICATE_NAMES', machine: 'cp2', fix: ['k8slab provision cp2'] },
    ]);
  });

  test('an image is pulled with what is there', () => {
    expect(of(advised(asHardWay), 'workload')).toContain(
      'k8slab ssh worker2 -- sudo ctr --namespace k8s.io images pull docker.io/library/nginx:1',
    );
  });
});

describe('in a lab made by kubeadm', () => {
  const all = (): Advised[] => advised((cluster) => cluster);

  test('kube-proxy is the DaemonSet that it is, once', () => {
    for (const check of ['service-from-pods', 'dns-from-pods', 'node-ports']) {
      expect(of(all(), check)).toContain(
        'k8slab kubectl -- -n kube-system rollout restart daemonset kube-proxy',
      );
    }
  });

  test('logs are those of pods, and an image is pulled with crictl', () => {
    expect(of(all(), 'workload')).toEqual(
      expect.arrayContaining([
        'k8slab kubectl -- -n kube-system logs -l component=kube-scheduler --tail 20',
        'k8slab ssh worker2 -- sudo crictl pull docker.io/library/nginx:1',
      ]),
    );
  });
});

test('in a lab with CRI-O, nothing is said of containerd', () => {
  const { runtime } = snapshotOf('crio-1cp-1w').cluster;
  const all = advised((cluster) => ({ ...cluster, runtime }));
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter(({ fix }) => /containerd|\/etc\/crio\/config\.toml/.test(fix))).toEqual([]);
  expect(of(all, 'cni-leftovers')).toContain('k8slab ssh worker1 -- sudo systemctl restart crio');
});

test('on boxes of the dnf family, nothing is said of apt, and chrony is chronyd', () => {
  const all = advised((cluster) => ({ ...cluster, box: { ...cluster.box, family: 'dnf' } }));
  expect(all.filter(({ fix }) => /\bapt\b|apt-|dpkg|restart chrony /.test(fix))).toEqual([]);
  expect(of(all, 'room').join('\n')).toContain('sudo dnf clean all');
  expect(of(all, 'clock').join('\n')).toContain('sudo systemctl restart chronyd');
});

describe('where firewalld runs', () => {
  test('it is told of the lab, and not turned off', () => {
    const all = advised((cluster) => cluster);
    expect(of(all, 'firewall')).toContain('k8slab provision worker1   # tells firewalld of the lab');
    expect(all.filter(({ fix }) => /disable.* firewalld|firewalld off/.test(fix))).toEqual([]);
  });
});

describe('where the virtual address is lost', () => {
  const installed = (how: 'unit' | 'static-pod') => (snapshot: Snapshot) => {
    const machines = Object.entries(snapshot.machines).map(([name, facts]): [string, typeof facts] => {
      const programs: BalancerFacts['programs'] = [
        { name: 'haproxy', how, running: true },
        { name: 'keepalived', how, running: true },
      ];
      return [name, { ...facts, balancer: { servers: null, ...facts.balancer, programs } }];
    });
    return { ...snapshot, machines: Object.fromEntries(machines) };
  };

  test('keepalived is looked at as the unit, or as the pod, that it is', () => {
    const same = (cluster: Cluster): Cluster => cluster;
    const units = of(advised(same, installed('unit')), 'vip').join('\n');
    expect(units).toContain('sudo journalctl -u keepalived');
    expect(units).not.toContain('crictl');
    const pods = of(advised(same, installed('static-pod')), 'vip').join('\n');
    expect(pods).toContain('crictl ps -a --quiet --name keepalived');
    expect(pods).not.toContain('journalctl -u keepalived');
  });
});

test('where Calico’s operator made its parts, they are in its namespace', () => {
  const all = advised((cluster) =>
    cluster.cni.name === 'calico'
      ? { ...cluster, cni: { ...cluster.cni, options: { ...cluster.cni.options, install: 'operator' } } }
      : cluster,
  );
  const ofCalico = all.filter(({ fixture }) => fixture.startsWith('calico-'));
  expect(ofCalico.some(({ fix }) => fix.includes('-n calico-system'))).toBe(true);
  expect(ofCalico.filter(({ fix }) => fix.includes('-n kube-system'))).toEqual([]);
});
