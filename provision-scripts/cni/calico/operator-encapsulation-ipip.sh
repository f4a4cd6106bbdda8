# shellcheck shell=bash
place operator-encapsulation-ipip.yaml 0644 /etc/k8slab/calico/encapsulation.yaml
