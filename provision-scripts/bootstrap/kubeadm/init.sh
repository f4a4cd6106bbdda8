# shellcheck shell=bash
if [ -e /etc/kubernetes/k8slab/initialized ] && [ -e /etc/kubernetes/admin.conf ]; then
  echo '    the cluster is already there'
else
  # When an earlier try stopped half-way (the download of images took too long, say), kubeadm goes on from its files:
  # it keeps certificates and data, and its checks for an empty machine are left out.
  ignored=()
  if [ -e /etc/kubernetes/manifests/kube-apiserver.yaml ]; then
    echo '    an earlier try stopped half-way: going on with it'
    ignored=(DirAvailable--var-lib-etcd Port-{6443,10250,10257,10259,2379,2380}
      FileAvailable--etc-kubernetes-manifests-{etcd,kube-apiserver,kube-controller-manager,kube-scheduler}.yaml)
  fi
  config=$(with_token kubeadm-init.yaml)
  kubeadm init --config "$config" "${ignored[@]/#/--ignore-preflight-errors=}"
  touch /etc/kubernetes/k8slab/initialized
fi
