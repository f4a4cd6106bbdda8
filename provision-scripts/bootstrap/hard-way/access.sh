# shellcheck shell=bash
place kubelet-access.yaml 0644 /etc/kubernetes/kubelet-access.yaml
retry 5 kubectl --kubeconfig /etc/kubernetes/admin.conf apply --filename /etc/kubernetes/kubelet-access.yaml
