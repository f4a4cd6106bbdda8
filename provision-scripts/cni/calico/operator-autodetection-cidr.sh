# shellcheck shell=bash
place operator-autodetection-cidr.yaml 0644 /etc/k8slab/calico/autodetection.yaml
