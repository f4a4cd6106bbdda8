# shellcheck shell=bash
if [ -e /etc/kubernetes/kubelet.conf ] && ! has_package "kubelet=$KUBERNETES_VERSION-*"; then
  {
    printf 'This machine is part of a cluster of another version than %s: %s.\n' "$KUBERNETES_VERSION" "$(kubelet --version)"
    echo 'An upgrade goes machine by machine, control planes first: https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-upgrade/'
    echo 'To start afresh instead: k8slab destroy && k8slab up'
  } >&2
  exit 1
fi
install_packages "kubelet=$KUBERNETES_VERSION-*" "kubeadm=$KUBERNETES_VERSION-*" "kubectl=$KUBERNETES_VERSION-*" cri-tools
if [ "$(apt-mark showhold kubelet kubeadm kubectl | wc --lines)" != 3 ]; then
  apt-mark hold kubelet kubeadm kubectl >/dev/null
fi
# kubeadm configures and starts it later; until then it has nothing to do.
systemctl is-enabled --quiet kubelet.service || systemctl enable --quiet kubelet.service
