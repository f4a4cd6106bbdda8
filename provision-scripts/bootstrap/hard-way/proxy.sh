# shellcheck shell=bash
place kube-proxy.yaml 0644 /etc/kubernetes/kube-proxy.yaml
place kube-proxy.service 0644 /etc/systemd/system/kube-proxy.service
run_service kube-proxy.service /etc/systemd/system/kube-proxy.service /etc/kubernetes/kube-proxy.yaml \
  /etc/kubernetes/kube-proxy.conf
