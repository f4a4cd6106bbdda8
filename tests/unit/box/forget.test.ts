import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../../src/assets/load.js';

const script = path.join(packageRoot, 'box-templates', 'lxc', 'bake', 'forget.sh');

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'k8slab root '));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function put(file: string, text = 'x'): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

const forget = (folder: string): number | null => spawnSync('sh', [script, folder]).status;

const personal = [
  ...['etc/hostname', 'etc/ssh/ssh_host_ed25519_key', 'etc/ssh/ssh_host_ed25519_key.pub'],
  ...['var/lib/dbus/machine-id', 'var/lib/systemd/random-seed', 'var/lib/dhcp/dhclient.eth0.leases'],
  ...['etc/kubernetes/pki/ca.key', 'etc/kubernetes/admin.conf', 'etc/kubernetes/k8slab/kubeadm-init.yaml'],
  ...['etc/kubernetes/manifests/etcd.yaml', 'var/lib/etcd/member/wal', 'var/lib/kubelet/pki/kubelet.key'],
  ...['etc/cni/net.d/10-calico.conflist', 'etc/containerd/certs.d/_default/hosts.toml'],
  ...['etc/containers/registries.conf.d/30-k8slab-mirrors.conf', 'etc/apt/sources.list.d/cri-o.list'],
  ...['etc/apt/sources.list.d/kubernetes.list', 'var/lib/k8slab/provisioned', 'var/lib/k8slab/package-lists'],
  ...['var/cache/k8slab/runc-1', 'var/lib/apt/lists/a_Packages', 'var/cache/apt/archives/kubelet.deb'],
  ...[
    'var/log/syslog',
    'var/log/journal/0123/system.journal',
    'tmp/k8slab/provision.sh',
    'tmp/.X',
    'var/tmp/a',
  ],
  ...[
    'root/.bash_history',
    'home/vagrant/.bash_history',
    'root/.ssh/known_hosts',
    'home/vagrant/.kube/config',
  ],
  ...['var/lib/containerd/io.containerd.grpc.v1.introspection/uuid'],
];
const kept = [
  ...['usr/bin/kubelet', 'etc/containerd/config.toml', 'etc/apt/keyrings/kubernetes.asc'],
  ...['etc/apt/sources.list.d/debian.list', 'home/vagrant/.ssh/authorized_keys', 'etc/ssh/sshd_config'],
  ...['var/lib/containerd/io.containerd.content.v1.content/blobs/a', 'etc/k8slab/calico/calico.yaml'],
  ...['var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db', 'etc/systemd/system/containerd.service'],
];

describe('what a baked box forgets', () => {
  test('is everything of the machine it was made of; programs, images and configuration stay', () => {
    for (const file of [...personal, ...kept]) put(file);
    put('etc/machine-id', '0123456789abcdef\n');
    put('etc/hosts', '127.0.0.1 localhost\n192.168.56.10 cp1\n');
    expect(forget(root)).toBe(0);
    expect(personal.filter((file) => existsSync(path.join(root, file)))).toEqual([]);
    expect(kept.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
    expect(readFileSync(path.join(root, 'etc/machine-id'), 'utf8')).toBe('');
    expect(readFileSync(path.join(root, 'etc/hosts'), 'utf8')).not.toContain('192.168');
  });

  test('is nothing of this host, whatever it is told', () => {
    expect(forget('/')).toBe(2);
    expect(forget('')).toBe(2);
    expect(forget(path.join(root, 'nothing'))).toBe(2);
  });
});
