# shellcheck shell=bash
place operator-encapsulation-none.yaml 0644 /etc/k8slab/calico/encapsulation.yaml
