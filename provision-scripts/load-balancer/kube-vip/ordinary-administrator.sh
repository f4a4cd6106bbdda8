# shellcheck shell=bash
text=$(cat /etc/kubernetes/manifests/kube-vip.yaml)
place_text 0600 /etc/kubernetes/manifests/kube-vip.yaml <<<"${text//super-admin.conf/admin.conf}"
