# shellcheck shell=bash
if command -v kubeadm >/dev/null; then
  options=(--force)
  if [ "$RESET_OF" = lab ]; then
    # Every member of etcd goes at this moment, so none has to be told, and the API is not asked any more.
    options+=(--skip-phases remove-etcd-member --kubeconfig /nonexistent)
  fi
  # What it leaves to others, the next steps do.
  kubeadm reset "${options[@]}" | sed '/The reset process does not/,$d'
fi
systemctl reset-failed kubelet.service 2>/dev/null || true
remove_files /var/lib/etcd /etc/kubernetes/k8slab /etc/kubernetes/*.conf /etc/kubernetes/pki /etc/kubernetes/tmp \
  /var/lib/kubelet/{config.yaml,kubeadm-flags.env,instance-config.yaml,pki} \
  "$(getent passwd "${SUDO_USER:-vagrant}" | cut -d : -f 6)/.kube" /root/.kube
