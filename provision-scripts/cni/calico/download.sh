# shellcheck shell=bash
fetch "$CALICO_MANIFEST_URL" "$CALICO_MANIFEST_SHA256" /etc/k8slab/calico/calico.yaml
