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
  # The machine that had this name before may have been destroyed a moment ago. Its node counts as Ready, and no other may
  # take its place, until 50 s have passed without a sign of it.
  retry 7 join_worker
fi
