import { X509Certificate } from 'node:crypto';
import { expect } from '@jest/globals';
import { expectCauses, mend } from './fault.js';
import type { KubernetesLab } from './kubernetesLab.js';

interface Seen {
  subject: string;
  issuer: string;
  names: string[];
  usages: string[];
}

const client = '1.3.6.1.5.5.7.3.2';
const server = '1.3.6.1.5.5.7.3.1';

/** What openssl says about a certificate on a machine. */
async function certificateOn(lab: KubernetesLab, machine: string, file: string): Promise<Seen> {
  const text = await lab.workshop.on(lab.lab, machine, `openssl x509 -in /etc/kubernetes/pki/${file}`);
  const certificate = new X509Certificate(text);
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    issuer: certificate.issuer,
    names: (certificate.subjectAltName ?? '').split(', ').filter(Boolean).sort(),
    usages: [...certificate.keyUsage].sort(),
  };
}

/** Every certificate is for the machine's real name and address, signed by the right authority, and good for what it is used for. */
export async function expectCertificates(lab: KubernetesLab): Promise<void> {
  const { machines } = lab.plan;
  for (const { name, address, role } of machines) {
    expect(await certificateOn(lab, name, 'kubelet.crt')).toEqual({
      subject: `O=system:nodes, CN=system:node:${name}`,
      issuer: 'CN=kubernetes',
      names: [`DNS:${name}`, `IP Address:${address}`].sort(),
      usages: [server, client].sort(),
    });
    await lab.workshop.on(
      lab.lab,
      name,
      'openssl verify -CAfile /etc/kubernetes/pki/ca.crt -purpose sslserver -verify_ip ' +
        `${address} /etc/kubernetes/pki/kubelet.crt`,
    );
    if (role !== 'control-plane') continue;
    const api = await certificateOn(lab, name, 'apiserver.crt');
    expect(api).toMatchObject({ subject: 'CN=kube-apiserver', issuer: 'CN=kubernetes', usages: [server] });
    const wanted = machines
      .filter((machine) => machine.role === 'control-plane')
      .flatMap((machine) => [`DNS:${machine.name}`, `IP Address:${machine.address}`]);
    expect(api.names).toEqual(
      expect.arrayContaining([
        ...wanted,
        'DNS:kubernetes.default.svc.cluster.local',
        'IP Address:10.96.0.1',
        'IP Address:127.0.0.1',
      ]),
    );
    expect(await certificateOn(lab, name, 'etcd/peer.crt')).toEqual({
      subject: `CN=${name}`,
      issuer: 'CN=etcd',
      names: [`DNS:${name}`, `IP Address:${address}`].sort(),
      usages: [server, client].sort(),
    });
    expect(await certificateOn(lab, name, 'apiserver-kubelet-client.crt')).toMatchObject({
      subject: 'CN=kube-apiserver-kubelet-client',
      usages: [client],
    });
  }
}

/** A machine has no private key but those it needs. */
export async function expectOwnKeysOnly(lab: KubernetesLab): Promise<void> {
  for (const { name, role } of lab.plan.machines) {
    const keys = await lab.workshop.on(
      lab.lab,
      name,
      "cd /etc/kubernetes && find . -name '*.key' -printf '%P\\n' | sort; ls -d /tmp/k8slab/secrets 2>/dev/null || true",
    );
    const own = ['pki/kubelet.key'];
    const ofControlPlanes = ['apiserver-etcd-client', 'apiserver-kubelet-client', 'apiserver', 'ca'].concat([
      'etcd/peer',
      'etcd/server',
      'front-proxy-client',
      'sa',
    ]);
    const more = role === 'control-plane' ? ofControlPlanes.map((key) => `pki/${key}.key`) : [];
    expect(keys.trim().split('\n').sort()).toEqual([...own, ...more].sort());
  }
}

/** systemd finds nothing wrong with any unit of ours. */
export async function expectSoundUnits(lab: KubernetesLab): Promise<void> {
  for (const { name, role } of lab.plan.machines) {
    const units = [
      ...['kubelet', 'kube-proxy', 'k8slab-routes', 'k8slab-masquerade'],
      ...(role === 'control-plane'
        ? ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']
        : []),
    ].map((unit) => `${unit}.service`);
    const said = await lab.workshop.on(
      lab.lab,
      name,
      `cd /etc/systemd/system && systemd-analyze verify --man=no ${units.join(' ')} 2>&1 | grep -E '${units.join('|')}' || true`,
    );
    expect({ name, said }).toEqual({ name, said: '' });
    const active = await lab.workshop.on(lab.lab, name, `systemctl is-active ${units.join(' ')}`);
    expect(active.trim().split('\n')).toEqual(units.map(() => 'active'));
  }
}

/** A Secret lies in etcd encrypted, and comes back readable through the API. */
export async function expectEncryptedSecrets(lab: KubernetesLab): Promise<void> {
  const word = 'open-sesame-4711';
  await lab.kubectl('create', 'secret', 'generic', 'proof', `--from-literal=word=${word}`);
  const [controlPlane] = lab.plan.machines.filter(({ role }) => role === 'control-plane');
  const stored = await lab.workshop.on(
    lab.lab,
    controlPlane?.name ?? '',
    'cd /etc/kubernetes/pki/etcd && etcdctl --endpoints https://127.0.0.1:2379 --cacert ca.crt --cert server.crt ' +
      '--key server.key get /registry/secrets/default/proof | base64 --wrap 0',
  );
  const text = Buffer.from(stored, 'base64').toString('latin1');
  expect(text).toContain('k8s:enc:secretbox:v1:key1:');
  expect(text).not.toContain(word);
  expect(text).not.toContain('Opaque');
  const read = await lab.kubectl('get', 'secret', 'proof', '--output', 'jsonpath={.data.word}');
  expect(Buffer.from(read, 'base64').toString()).toBe(word);
  await lab.kubectl('delete', 'secret', 'proof');
}

/** Units that are stopped, gone and broken, on machines of a lab with three control planes: verify names each, and its advice mends it. */
export async function expectFaultsNamed(lab: KubernetesLab): Promise<void> {
  const on = (machine: string, script: string): Promise<string> => lab.workshop.on(lab.lab, machine, script);
  const proxy = '/etc/systemd/system/kube-proxy.service';
  await on('cp2', 'systemctl stop kube-scheduler');
  await on('worker1', `systemctl disable --now kube-proxy; mv ${proxy} /root; systemctl daemon-reload`);
  await on(
    'cp3',
    'sed -i s,/etcd/server.key,/etcd/peer.key, /etc/systemd/system/etcd.service; systemctl daemon-reload; systemctl --no-block restart etcd',
  );
  const report = await expectCauses(lab, 'hard-way-units', [
    'K8S_PROGRAM_STOPPED cp2',
    'K8S_PROGRAM_FAILING cp3',
    'K8S_PROGRAM_MISSING worker1',
  ]);
  const fixes = report.results.flatMap(({ findings }) => findings.flatMap(({ fix }) => fix));
  expect(fixes.join('\n')).not.toMatch(/crictl|kubeadm|manifests/);
  await mend(lab, report);
}
