# shellcheck shell=bash
place operator-autodetection-first-found.yaml 0644 /etc/k8slab/calico/autodetection.yaml
