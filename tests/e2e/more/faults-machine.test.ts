import { faultSteps, on, soundLabStep, type Fault } from '../support/faultSteps.js';
import { KubernetesLab } from '../support/kubernetesLab.js';
import { scenario } from '../support/scenario.js';
import { Workshop } from '../support/workshop.js';

/** Faults of machines, runtimes and kubelets, made for real: verify names each on its machine, and its own words mend it. */
const workshop = new Workshop({ fresh: false });
const lab = new KubernetesLab(workshop, `faults-${workshop.id}`);

const hostOnly = "$(ip -o -4 address | awk '/192[.]168[.]/ { print $2; exit }')";
const flags = '/var/lib/kubelet/kubeadm-flags.env';
const config = '/etc/containerd/config.toml';

const faults: readonly Fault[] = [
  {
    name: 'packets are not passed on',
    inject: on('worker1', 'sysctl -q -w net.ipv4.ip_forward=0'),
    found: ['GUEST_IP_FORWARD_OFF worker1'],
  },
  {
    name: 'the default route removed',
    inject: on('worker2', 'ip route del default'),
    found: ['GUEST_DEFAULT_ROUTE_MISSING worker2'],
  },
  {
    name: 'an MTU hole',
    inject: on('worker2', `ip link set ${hostOnly} mtu 1400`),
    found: ['GUEST_MTU_DIFFERS worker2'],
  },
  {
    name: 'BGP blocked by a firewall',
    inject: on(
      'worker1',
      'iptables -I INPUT -p tcp --dport 179 -j DROP; iptables -I OUTPUT -p tcp --dport 179 -j DROP',
    ),
    found: ['GUEST_FIREWALL worker1', 'GUEST_FIREWALL worker1'],
  },
  {
    name: 'the kubelet’s port closed by a firewall',
    inject: on('worker2', 'iptables -I INPUT -p tcp --dport 10250 -j REJECT --reject-with tcp-reset'),
    found: ['GUEST_FIREWALL worker2'],
  },
  {
    name: 'NodePorts closed by a firewall',
    inject: on('worker1', 'iptables -I INPUT -p tcp -m multiport --dports 30000:32767 -j DROP'),
    found: ['GUEST_FIREWALL worker1'],
  },
  {
    name: '/ not mounted shared',
    inject: on('worker1', 'mount --make-private /'),
    found: ['GUEST_MOUNT_PRIVATE worker1'],
  },
  {
    name: 'two machines with one machine-id',
    inject: async () => {
      const id = await workshop.on(lab.lab, 'worker1', 'cat /etc/machine-id');
      await workshop.on(lab.lab, 'worker2', `echo ${id.trim()} >/etc/machine-id`);
    },
    found: ['GUEST_MACHINE_ID_SHARED worker2'],
  },
  {
    name: 'a machine’s own name means 127.0.1.1',
    inject: on('worker1', "sed -i 's/^[0-9.]* worker1$/127.0.1.1 worker1/' /etc/hosts"),
    found: ['GUEST_HOSTNAME_RESOLVES worker1'],
  },
  {
    name: 'no name server',
    inject: on(
      'worker1',
      "sed '/^nameserver/d' /etc/resolv.conf >/run/resolv.conf; cat /run/resolv.conf >/etc/resolv.conf",
    ),
    found: ['GUEST_NO_NAME_SERVER worker1'],
  },
  {
    name: 'a service has failed',
    inject: on('worker1', 'systemd-run --quiet --unit=backup false'),
    found: ['GUEST_UNIT_FAILED worker1'],
    warning: true,
  },
  {
    name: 'the package manager’s lock is held',
    inject: on(
      'worker2',
      'systemd-run --quiet --collect --unit=installing flock /var/lib/dpkg/lock-frontend sleep 20; sleep 1',
    ),
    found: ['GUEST_PACKAGE_LOCK worker2'],
    warning: true,
  },
  {
    name: 'the cgroup driver of the runtime changed',
    inject: on(
      'worker1',
      `sed -i 's/SystemdCgroup = true/SystemdCgroup = false/' ${config}; systemctl restart containerd`,
    ),
    found: ['GUEST_CGROUP_DRIVER worker1'],
  },
  {
    name: 'the CRI plugin disabled',
    inject: on(
      'worker2',
      `sed -i '1i disabled_plugins = ["io.containerd.cri.v1.runtime", "io.containerd.grpc.v1.cri"]' ${config}; systemctl restart containerd`,
    ),
    found: ['GUEST_CRI_OFF worker2'],
  },
  {
    name: 'the runtime’s socket removed',
    inject: on('worker1', 'rm /run/containerd/containerd.sock'),
    found: ['GUEST_RUNTIME_SOCKET worker1'],
  },
  {
    name: 'a kubelet told to register under another name',
    inject: on(
      'worker2',
      `sed -Ei 's/^KUBELET_KUBEADM_ARGS="/&--hostname-override=node7 /' ${flags}; systemctl restart kubelet`,
    ),
    found: ['GUEST_KUBELET_NAME worker2'],
  },
  {
    name: 'a join aimed at the NAT address',
    inject: on(
      'worker1',
      "sed -i 's#server: .*#server: https://10.0.2.15:6443#' /etc/kubernetes/kubelet.conf; systemctl restart kubelet",
    ),
    found: ['GUEST_KUBELET_SERVER_NAT worker1'],
  },
  {
    name: 'the configuration of another CNI left over',
    inject: on(
      'worker1',
      `printf '%s' '{"cniVersion":"1.0.0","name":"old","plugins":[{"type":"ptp","ipam":{"type":"host-local","subnet":"10.22.0.0/16"}}]}' >/etc/cni/net.d/05-old.conflist`,
    ),
    found: ['GUEST_CNI_LEFTOVER worker1'],
  },
];

scenario('faults of machines and runtimes', workshop, (step) => {
  soundLabStep(step, lab);
  faultSteps(step, lab, faults);
});
