# shellcheck shell=bash
place coredns.yaml 0644 /etc/kubernetes/coredns.yaml
retry 5 kubectl --kubeconfig /etc/kubernetes/admin.conf apply --filename /etc/kubernetes/coredns.yaml
