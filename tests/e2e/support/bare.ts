import { expect } from '@jest/globals';
import type { KubernetesLab } from './kubernetesLab.js';

/** What a cluster leaves on a machine with this address, one trace a line; prints nothing on a machine that is bare. */
const traces = (address: string): string => `set +e
ls -d /etc/kubernetes/*.conf /etc/kubernetes/manifests/* /etc/kubernetes/pki/* /etc/kubernetes/k8slab \\
  /etc/keepalived/keepalived.conf /etc/haproxy/haproxy.cfg /etc/systemd/system/kube*.service /var/lib/etcd /var/lib/kubelet/config.yaml /etc/cni/net.d/* /var/lib/cni/* /var/lib/calico /var/lib/k8slab/provisioned \\
  /root/.kube /home/vagrant/.kube 2>/dev/null
ip -oneline link show | grep -oE '(cali[0-9a-f]+|vxlan[.]calico|flannel[.][0-9]+|cni0|kube-[a-z0-9]+)'
ip -4 -oneline address show scope global | grep -vF -e ' 10.0.2.15/' -e ' ${address}/'
ip -4 route show table all | grep -E 'proto (bird|80|184)|blackhole|cali'
iptables-save | grep -E 'KUBE-|cali|FLANNEL|CNI-'
ip6tables-save | grep -E 'KUBE-|cali|FLANNEL|CNI-'
nft list tables | grep -E 'kube|calico|flannel|k8slab'
ipset list -name | grep -E 'KUBE|cali'
ss --no-header -ltn '( sport = :6443 or sport = :8443 or sport = :2379 or sport = :2380 or sport = :10250 or sport = :10256 or sport = :10257 or sport = :10259 )'
crictl pods --quiet
ps -e -o comm= | grep -xE 'kubelet|kube-proxy|kube-apiserver|etcd|calico-node|flanneld|bird6?|haproxy|keepalived|kube-vip'
true`;

/** What of a cluster is left on each machine of a lab. */
export async function tracesOn({ workshop, lab, plan }: KubernetesLab): Promise<Record<string, string>> {
  const found = plan.machines.map(
    async ({ name, address }) => [name, (await workshop.on(lab, name, traces(address))).trim()] as const,
  );
  return Object.fromEntries(await Promise.all(found));
}

/** Every machine of a lab is bare, and says so to `verify`: one finding a machine, and nothing else. */
export async function expectBare(lab: KubernetesLab): Promise<void> {
  const names = lab.plan.machines.map(({ name }) => name);
  expect(await tracesOn(lab)).toEqual(Object.fromEntries(names.map((name) => [name, ''])));
  const report = await lab.workshop.json<{
    results: { status: string; findings: { code: string; machine: string }[] }[];
  }>(1, lab.lab, 'verify');
  const findings = report.results.flatMap(({ findings: own }) => own);
  expect(findings.map(({ code, machine }) => `${code} ${machine}`)).toEqual(
    names.map((name) => `GUEST_BARE ${name}`),
  );
  const { machines } = await lab.workshop.json<{ machines: { provisioned: string }[] }>(0, lab.lab, 'status');
  expect(machines.map(({ provisioned }) => provisioned)).toEqual(names.map(() => 'no'));
}

/** What tells each machine of a lab from another one of the same name. */
export async function machineIds({ workshop, lab, plan }: KubernetesLab): Promise<string[]> {
  return Promise.all(plan.machines.map(({ name }) => workshop.on(lab, name, 'cat /etc/machine-id')));
}
