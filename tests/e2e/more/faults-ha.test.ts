import { holderOf } from '../support/failover.js';
import { faultSteps, on, soundLabStep, type Fault } from '../support/faultSteps.js';
import { KubernetesLab } from '../support/kubernetesLab.js';
import { scenario } from '../support/scenario.js';
import { Workshop } from '../support/workshop.js';

/** Faults of what only labs with several control planes have, made for real: verify names each, and its own words mend it. */
const workshop = new Workshop({ fresh: false });
const lab = new KubernetesLab(workshop, `faults-${workshop.id}`);

const hostOnly = "$(ip -o -4 address | awk '/192[.]168[.]/ { print $2; exit }')";
const virtualAddress = (): string => lab.plan.endpoint?.hostPort.split(':')[0] ?? 'none';

/** The machine with the address, once it is struck. */
const struck: string[] = [];

const faults: readonly Fault[] = [
  {
    name: 'the static pod of etcd moved away on one control plane',
    inject: on('cp2', 'mv /etc/kubernetes/manifests/etcd.yaml /root/'),
    found: ['K8S_PROGRAM_MISSING cp2'],
  },
  {
    name: 'haproxy looks for an API server on a wrong port',
    inject: on(
      'cp3',
      "sed -i '/server cp2/s/:[0-9]*/:6999/' /etc/haproxy/haproxy.cfg; crictl ps --quiet --name haproxy | xargs crictl stop",
    ),
    found: ['K8S_BALANCER_SERVER cp3'],
  },
  {
    name: 'the static pod of haproxy removed',
    inject: on('cp3', 'rm /etc/kubernetes/manifests/haproxy.yaml'),
    found: ['K8S_BALANCER_STOPPED cp3'],
  },
  {
    name: 'the virtual address on two machines',
    inject: async () => {
      const holder = await holderOf(lab);
      const other = ['cp1', 'cp2', 'cp3'].find((machine) => machine !== holder) ?? 'none';
      await on(other, `ip address add ${virtualAddress()}/24 dev ${hostOnly}`)(lab);
    },
    found: ['K8S_VIP_SPLIT -'],
  },
  {
    name: 'the virtual address taken for the node’s',
    inject: async () => {
      const holder = await holderOf(lab);
      struck.push(`K8S_NODE_ADDRESS ${holder}`);
      const flags = '/var/lib/kubelet/kubeadm-flags.env';
      const wrong = `sed -i 's/--node-ip=[0-9.]*/--node-ip=${virtualAddress()}/' ${flags}`;
      await on(holder, `${wrong}; systemctl restart kubelet`)(lab);
    },
    found: struck,
  },
  {
    name: 'a member of etcd removed',
    inject: async () => {
      const pki = '/etc/kubernetes/pki/etcd';
      const etcdctl = `etcdctl --cacert ${pki}/ca.crt --cert ${pki}/peer.crt --key ${pki}/peer.key`.split(
        ' ',
      );
      const exec = ['-n', 'kube-system', 'exec', 'etcd-cp1', '--', ...etcdctl];
      const members = await lab.kubectl(...exec, 'member', 'list');
      const id = /^([0-9a-f]+),.*, cp2,/m.exec(members)?.[1] ?? 'none';
      await lab.kubectl(...exec, 'member', 'remove', id);
    },
    found: ['K8S_ETCD_MEMBERS cp2'],
  },
];

scenario('faults-ha', workshop, (step) => {
  soundLabStep(step, lab, '3cp-2w');
  faultSteps(step, lab, faults);
});
