# shellcheck shell=bash
fetch "$FLANNEL_MANIFEST_URL" "$FLANNEL_MANIFEST_SHA256" /etc/k8slab/flannel/kube-flannel.yml
