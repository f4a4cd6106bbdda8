# shellcheck shell=bash
# One try. The members of etcd come in one by one: who finds the door taken clears its traces away and comes again. Nothing
# is lost by that, for the other control planes hold the data.
join_control_plane() {
  if [ -e /etc/kubernetes/kubelet.conf ] || [ -e /etc/kubernetes/manifests/kube-apiserver.yaml ]; then
    echo '    an earlier try stopped half-way: kubeadm reset clears its traces away'
    kubeadm reset --force && place_authorities || return 1
  fi
  kubeadm join --config "$config"
}

if [ -e /etc/kubernetes/k8slab/joined ] && [ -e /etc/kubernetes/kubelet.conf ]; then
  echo '    this machine already belongs to the cluster'
else
  wait_for_cluster "$ENDPOINT"
  config=$(with_token kubeadm-join-control-plane.yaml)
  retry 5 join_control_plane
  touch /etc/kubernetes/k8slab/joined
fi
