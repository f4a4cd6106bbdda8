import type { Cluster } from '../../plan/cluster.js';

/** As kubeadm writes it. Source: kubernetes, cmd/kubeadm/app/phases/addons/dns/manifests.go. */
const corefileOf = (domain: string): string => `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes ${domain} in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success ${domain}
       disable denial ${domain}
    }
    loop
    reload
    loadbalance
}
`;

/** Commands that give CoreDNS the configuration it was installed with, and start it anew. */
export function restoreCorefile({ networking }: Cluster): string[] {
  const patch = JSON.stringify({ data: { Corefile: corefileOf(networking.dnsDomain) } });
  return [
    `k8slab kubectl -- -n kube-system patch configmap coredns --type merge --patch '${patch}'`,
    'k8slab kubectl -- -n kube-system rollout restart deployment coredns',
    'k8slab kubectl -- -n kube-system rollout status deployment coredns',
  ];
}
