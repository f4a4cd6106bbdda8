# shellcheck shell=bash
join_worker() {
  if [ -e /etc/kubernetes/bootstrap-kubelet.conf ]; then
    echo '    an earlier try stopped half-way: kubeadm reset clears its traces away'
    kubeadm reset --force || return 1
  fi
  kubeadm join --config "$config"
}

# The kubelet writes this file itself, once the API has given it a certificate.
if [ -e /etc/kubernetes/kubelet.conf ]; then
  echo '    this machine already belongs to the cluster'
else
  wait_for_cluster "$ENDPOINT"
  config=$(with_token kubeadm-join-worker.yaml)
  retry 3 join_worker
fi
