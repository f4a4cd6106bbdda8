import type { CatalogueEntry } from './entry.js';

/** What pods of our own find out: `verify` starts one on every node, and a small workload. */
export const probeEntries = {
  K8S_PROBE_REFUSED: {
    title: 'The API does not take new pods',
    exit: 1,
    meaning: 'The API answers, and everything that runs goes on, but nothing new can be started.',
    why: 'An admission webhook whose pods are gone refuses everything, or a controller that has to act first does not run.',
    fix: ['k8slab kubectl -- get validatingwebhookconfigurations,mutatingwebhookconfigurations'],
    see: ['k8slab kubectl -- create namespace trial', 'k8slab kubectl -- delete namespace trial'],
    source: 'https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/',
  },
  K8S_PROBE_POD: {
    title: 'A new pod does not start on a node',
    exit: 1,
    meaning:
      'The node is Ready and what runs there goes on, but it starts nothing new, or gives it no address.',
    why: 'The CNI’s program or configuration on that machine is gone or broken, its addresses are used up, or the image cannot be had.',
    fix: [
      'k8slab provision <machine>',
      'k8slab ssh <machine> -- sudo journalctl -u kubelet -n 30 --no-pager',
    ],
    see: ['k8slab kubectl -- get events -A --field-selector type=Warning'],
    source: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/',
  },
  K8S_DNS_NO_ANSWER: {
    title: 'CoreDNS does not answer pods',
    exit: 1,
    meaning:
      'CoreDNS runs, but questions of pods on this node get no answer: no Service is found by its name.',
    why: 'UDP port 53 is blocked on the way, or kube-proxy of the node does not lead the Service’s address to CoreDNS.',
    fix: [
      'k8slab ssh <machine> -- sudo iptables -S FORWARD',
      'k8slab kubectl -- -n kube-system rollout restart daemonset kube-proxy',
      'The hard way: k8slab ssh <machine> -- sudo systemctl restart kube-proxy',
    ],
    see: ['k8slab kubectl -- run -it --rm trial --image=busybox:1 -- nslookup kubernetes.default'],
    source: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  },
  K8S_DNS_WRONG_ANSWER: {
    title: 'CoreDNS does not know the Services',
    exit: 1,
    meaning: 'CoreDNS answers, but not with the address of the Service `kubernetes`.',
    why: 'Its configuration names another domain than the kubelets do, or it does not reach the API and knows nothing.',
    fix: [
      'k8slab kubectl -- -n kube-system get configmap coredns -o yaml',
      'k8slab kubectl -- -n kube-system rollout restart deployment coredns',
    ],
    see: ['k8slab kubectl -- -n kube-system logs -l k8s-app=kube-dns'],
    source: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-custom-nameservers/',
  },
  K8S_DNS_OUTSIDE: {
    title: 'Pods do not resolve names outside the cluster',
    exit: 1,
    meaning:
      'The machine itself resolves the name, and names of Services resolve in pods: only CoreDNS cannot pass questions on.',
    why: 'CoreDNS asks the servers in its `forward` line, by default those of its machine’s resolv.conf as it was when it started.',
    fix: [
      'k8slab kubectl -- -n kube-system rollout restart deployment coredns',
      'k8slab kubectl -- -n kube-system get configmap coredns -o yaml',
    ],
    see: ['k8slab kubectl -- -n kube-system logs -l k8s-app=kube-dns'],
    source: 'https://coredns.io/plugins/forward/',
  },
  K8S_POD_PATH_LOST: {
    title: 'Pods on different nodes do not reach each other',
    exit: 1,
    meaning: 'Pods on one node reach each other, and not those elsewhere: connections time out.',
    why: 'A route to the other node’s pods is missing or wrong, the overlay’s packets are blocked on the way, or a machine does not forward.',
    fix: [
      'k8slab ssh <machine> -- ip route',
      'k8slab ssh <machine> -- sudo iptables -S FORWARD',
      'k8slab provision <machine>',
    ],
    see: ['k8slab kubectl -- exec <pod> -- ping <address of a pod on another node>'],
    source: 'https://kubernetes.io/docs/concepts/cluster-administration/networking/',
  },
  K8S_POD_PATH_LARGE_LOST: {
    title: 'Small packets pass between pods, full ones do not',
    exit: 1,
    meaning:
      'Connections open and then hang as soon as much data is sent: the MTU of pods is larger than the way carries.',
    why: 'Every tunnel takes some bytes of each packet, and a link on the way may carry less than the machines’ adapters say.',
    fix: ['Set networking: {mtu: …} in lab.yaml to what passes, then: k8slab render', 'k8slab provision'],
    see: ['k8slab ssh <machine> -- ping -c 3 -M do -s 1472 <address of another machine>'],
    source: 'https://docs.tigera.io/calico/latest/networking/configuring/mtu',
  },
  K8S_SERVICE_UNREACHABLE: {
    title: 'Pods do not reach a Service',
    exit: 1,
    meaning:
      'Pods of this node do not reach the API at the address of its Service: controllers, operators and DNS fail there.',
    why: 'kube-proxy of the node has not written the Service’s rules, or something has removed them.',
    fix: [
      'k8slab kubectl -- -n kube-system rollout restart daemonset kube-proxy',
      'The hard way: k8slab ssh <machine> -- sudo systemctl restart kube-proxy',
      'k8slab ssh <machine> -- sudo iptables -t nat -S KUBE-SERVICES',
    ],
    see: ['k8slab ssh <machine> -- curl -k https://10.96.0.1/readyz'],
    source: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/',
  },
  K8S_NODE_PORT_CLOSED: {
    title: 'A NodePort does not answer on a node',
    exit: 1,
    meaning:
      'The pods behind the Service run and answer inside the cluster; from this computer the port of this node does not.',
    why: 'A firewall on the machine drops ports 30000 to 32767, or its kube-proxy has not written the rules.',
    fix: [
      'k8slab ssh <machine> -- sudo nft list ruleset',
      'k8slab provision <machine>   # turns ufw off, and tells firewalld of the lab',
      'k8slab kubectl -- -n kube-system rollout restart daemonset kube-proxy',
      'The hard way: k8slab ssh <machine> -- sudo systemctl restart kube-proxy',
    ],
    see: ['curl http://<address of the machine>:<port>/'],
    source: 'https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport',
  },
  K8S_POD_NO_WAY_OUT: {
    title: 'Pods do not get out of the cluster',
    exit: 1,
    meaning: 'The machine itself reaches the host outside, a pod on it does not.',
    why: 'Addresses of pods are unknown outside: the machine has to put its own in their place (masquerade), and does not; or it does not forward.',
    fix: [
      'k8slab ssh <machine> -- sudo iptables -t nat -S POSTROUTING',
      'k8slab ssh <machine> -- sudo iptables -S FORWARD',
      'k8slab provision <machine>',
    ],
    source: 'https://kubernetes.io/docs/tasks/administer-cluster/ip-masq-agent/',
  },
  K8S_WORKLOAD_UNAVAILABLE: {
    title: 'A workload does not become available',
    exit: 1,
    meaning: 'A Deployment of three nginx does not get three running pods, although every node starts pods.',
    why: 'No node takes ordinary pods or has room for them, or the scheduler or the controller manager do not act.',
    fix: [
      'k8slab kubectl -- get nodes',
      'k8slab kubectl -- -n kube-system get pods',
      'k8slab kubectl -- -n kube-system logs -l component=kube-scheduler',
      'The hard way: k8slab ssh <control plane> -- sudo journalctl -u kube-scheduler -n 20 --no-pager',
    ],
    source: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/',
  },
  K8S_WORKLOAD_IMAGE: {
    title: 'The image of the trial workload cannot be had',
    exit: 1,
    meaning:
      'The cluster itself is not to blame, but whatever you deploy from that registry will wait for its image, too.',
    why: 'There is no way to the registry, or it limits the number of downloads (HTTP 429), which a classroom behind one address soon reaches.',
    fix: [
      'k8slab ssh <machine> -- curl -I https://registry-1.docker.io/v2/',
      'k8slab bundle create --out bundle   # everything that labs download, once, for a whole classroom',
    ],
    source: 'https://docs.docker.com/docker-hub/usage/',
  },
} satisfies Record<string, CatalogueEntry>;
