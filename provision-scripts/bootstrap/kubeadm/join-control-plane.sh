# shellcheck shell=bash
if [ -e /etc/kubernetes/k8slab/joined ] && [ -e /etc/kubernetes/kubelet.conf ]; then
  echo '    this machine already belongs to the cluster'
else
  wait_for_cluster "$ENDPOINT"
  config=$(with_token kubeadm-join-control-plane.yaml)
  retry 5 join_control_plane "$config"
  touch /etc/kubernetes/k8slab/joined
fi
