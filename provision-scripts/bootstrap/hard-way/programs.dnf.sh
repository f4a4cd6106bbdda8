# shellcheck shell=bash
# kube-proxy and the port mapping of containers call these.
install_packages iptables-nft conntrack-tools
programs=(kubectl kubelet kube-proxy)
if [ "$ROLE" = control-plane ]; then
  programs+=(etcd kube-apiserver kube-controller-manager kube-scheduler)
fi
bash /tmp/k8slab/files/install-programs "${programs[@]}"
