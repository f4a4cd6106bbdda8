# shellcheck shell=bash
fetch "$CALICO_OPERATOR_CRDS_URL" "$CALICO_OPERATOR_CRDS_SHA256" /etc/k8slab/calico/operator-crds.yaml
fetch "$CALICO_OPERATOR_URL" "$CALICO_OPERATOR_SHA256" /etc/k8slab/calico/tigera-operator.yaml
