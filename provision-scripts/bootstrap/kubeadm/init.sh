# shellcheck shell=bash
notes=/etc/kubernetes/k8slab
if [ -e /etc/kubernetes/admin.conf ] && { [ -e "$notes/initialized" ] || [ -e "$notes/joined" ]; }; then
  echo '    the cluster is already there'
else
  # When an earlier try stopped half-way (the download of images took too long, say), kubeadm goes on from its files:
  # it keeps certificates and data, and its checks for an empty machine are left out.
  ignored=()
  if [ -e /etc/kubernetes/manifests/kube-apiserver.yaml ]; then
    echo '    an earlier try stopped half-way: going on with it'
    # Containers that were being started then may be in the way of those that are started now.
    systemctl stop kubelet
    crictl rmp --all --force >/dev/null 2>&1 || echo '    not every pod of it could be removed'
    ignored=(DirAvailable--var-lib-etcd Port-{$API_SERVER_PORT,10250,10257,10259,2379,2380}
      FileAvailable--etc-kubernetes-manifests-{etcd,kube-apiserver,kube-controller-manager,kube-scheduler}.yaml)
  fi
  config=$(with_token kubeadm-init.yaml)
  kubeadm init --config "$config" --skip-token-print "${ignored[@]/#/--ignore-preflight-errors=}"
  touch "$notes/initialized"
fi
