import type { BalancerFacts } from '../collect/snapshot.js';
import { controlPlanes } from '../plan/balancers.js';
import type { Cluster, PackageFamily, PlannedBootstrap } from '../plan/cluster.js';
import { programOf } from '../plan/programs.js';
import { restartCalico } from './calico.js';
import { onMachine, word } from './look.js';

/** How a person looks at a program of the control plane that does not do its work: as a unit, or as a static pod. */
export function lookAtProgram(cluster: Cluster, machine: string, name: string): string[] {
  const { runs, file } = programOf(cluster, name);
  return runs === 'unit'
    ? [onMachine(machine, `sudo journalctl -u ${name} -n 50 --no-pager`)]
    : [
        onMachine(machine, `sudo crictl ps -a --name ${name}`),
        onMachine(machine, `sudo ls -l ${file}`),
        onMachine(machine, 'sudo journalctl -u kubelet -n 50 --no-pager'),
      ];
}

/** Whether the programs of Kubernetes are units of their machines, and no static pods. */
export const areUnits = (cluster: Cluster): boolean => programOf(cluster, 'kube-apiserver').runs === 'unit';

export const restartKubelet = (machine: string): string =>
  onMachine(machine, 'sudo systemctl restart kubelet');

/** What makes the kubelet of a machine and the API servers trust each other again. */
export function letApiServersIn(cluster: Cluster, machine: string): string[] {
  const servers = controlPlanes(cluster).map(({ name }) => name);
  return areUnits(cluster)
    ? [...servers.map((name) => `k8slab provision ${name}`), restartKubelet(machine)]
    : [
        onMachine(machine, 'sudo grep -A 12 ^authentication: /var/lib/kubelet/config.yaml'),
        ...servers.map((name) => onMachine(name, 'sudo kubeadm certs renew apiserver-kubelet-client')),
        restartKubelet(machine),
      ];
}

/** The last words of a program of the control plane that runs: of each control plane's unit, or of all its pods. */
export function logOf(cluster: Cluster, name: string): string[] {
  return programOf(cluster, name).runs === 'unit'
    ? controlPlanes(cluster).map((machine) =>
        onMachine(machine.name, `sudo journalctl -u ${name} -n 20 --no-pager`),
      )
    : [`k8slab kubectl -- -n kube-system logs -l component=${name} --tail 20`];
}

/** The rules for packets of a chain, as the first of these machines has them: the others' are alike. */
export const lookAtRules = (machines: readonly string[], chain: 'FORWARD' | 'INPUT'): string[] =>
  machines
    .slice(0, 1)
    .flatMap((first) => [
      onMachine(first, `sudo iptables -S ${chain}`),
      onMachine(first, 'sudo nft list ruleset'),
    ]);

/** What makes kube-proxy write its rules again: on each of these machines, or, of a DaemonSet, on all nodes at once. */
export function restartProxy(cluster: Cluster, machines: readonly string[]): string[] {
  return programOf(cluster, 'kube-proxy').runs === 'unit'
    ? machines.map((machine) => onMachine(machine, 'sudo systemctl restart kube-proxy'))
    : ['k8slab kubectl -- -n kube-system rollout restart daemonset kube-proxy'];
}

/** How a person looks at what keeps the API reachable on a machine, each program as it is installed there. */
export function lookAtBalancer(machine: string, programs: BalancerFacts['programs'] | undefined): string[] {
  return (programs ?? []).flatMap(({ name, how }) => {
    if (how === null) return [];
    return how === 'unit'
      ? [onMachine(machine, `sudo journalctl -u ${word(name, 'program')} -n 20 --no-pager`)]
      : [
          onMachine(
            machine,
            `"sudo crictl ps -a --quiet --name ${word(name, 'program')} | head -n 1 | xargs -r sudo crictl logs --tail 20"`,
          ),
        ];
  });
}

/** Starts what moves the virtual address anew: it lays down every address that it does not hold by right. */
export function restartBalancer(machine: string, programs: BalancerFacts['programs'] | undefined): string[] {
  return (programs ?? []).flatMap(({ name, how }) => {
    if (how === null) return [];
    const program = word(name, 'program');
    return how === 'unit'
      ? [onMachine(machine, `sudo systemctl restart ${program}`)]
      : [onMachine(machine, `"sudo crictl ps --quiet --name ${program} | xargs -r sudo crictl stop"`)];
  });
}

/** CNIs that write to their node's object what they are, and only when they start. */
const agents: Record<string, (cluster: Cluster, machine: string) => string> = {
  calico: restartCalico,
  flannel: (_, machine) =>
    `k8slab kubectl -- -n kube-flannel delete pods -l app=flannel --field-selector spec.nodeName=${machine}`,
};

/** What starts the CNI of a node anew that was registered anew. */
export function restartAgent(cluster: Cluster, machine: string): string[] {
  const restart = agents[cluster.cni.name];
  return restart === undefined ? [] : [restart(cluster, machine)];
}

/** A command of etcdctl, on the machine of a member or in its pod. */
export function etcdctl(cluster: Cluster, machine: string, words: string): string {
  const pki = '/etc/kubernetes/pki/etcd';
  const command = `etcdctl --cacert ${pki}/ca.crt --cert ${pki}/peer.crt --key ${pki}/peer.key ${words}`;
  return programOf(cluster, 'etcd').runs === 'unit'
    ? onMachine(machine, `sudo ${command.replace('etcdctl', 'etcdctl --endpoints https://127.0.0.1:2379')}`)
    : `k8slab kubectl -- -n kube-system exec etcd-${machine} -- ${command}`;
}

type Repairs = NonNullable<PlannedBootstrap['repairs']>;

/** What puts something right on a machine: the bootstrapper's own command, else the machine's provisioner. */
export function repair(
  { bootstrap }: Cluster,
  what: Exclude<keyof Repairs, 'pullImage'>,
  { name, address }: { name: string; address: string },
): string {
  const command = bootstrap.repairs?.[what];
  return command === undefined
    ? `k8slab provision ${name}`
    : onMachine(name, `sudo ${command.replaceAll('{address}', address)}`);
}

/** What fetches an image on a machine, or says why it cannot be had; nothing where the bootstrapper names no command for it. */
export function pullImage({ bootstrap }: Cluster, machine: string, image: string): string[] {
  const command = bootstrap.repairs?.pullImage;
  return command === undefined ? [] : [onMachine(machine, `sudo ${command.replaceAll('{image}', image)}`)];
}

/** What differs between families of distributions: who cleans up after the package manager, and what chrony's unit is called. */
export const ofFamily: Record<PackageFamily, { clean: string; clock: string; origin: string }> = {
  apt: { clean: 'apt-get clean', clock: 'chrony', origin: 'apt-cache policy kubelet' },
  dnf: { clean: 'dnf clean all', clock: 'chronyd', origin: 'dnf info --installed kubelet' },
};

/** How a person finds out where a machine's kubelet comes from: a package, or, where programs are units, a file that was placed. */
export function originOfKubelet(cluster: Cluster, machine: string): string {
  return areUnits(cluster)
    ? onMachine(machine, 'ls -l /usr/local/bin   # when the programs were placed there')
    : onMachine(machine, `${ofFamily[cluster.box.family].origin}   # which repository it comes from`);
}

/** The name server that a provider's own network gives its machines: both VirtualBox' NAT and slirp4netns answer there; libvirt's at its gateway. */
export function nameServerOf({ networking }: Cluster): string {
  const { cidr, address } = networking.nat;
  return cidr.replace(/\d+\/\d+$/, address === '' ? '1' : '3');
}
