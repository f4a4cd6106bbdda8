# shellcheck shell=bash
place operator-encapsulation-vxlan.yaml 0644 /etc/k8slab/calico/encapsulation.yaml
