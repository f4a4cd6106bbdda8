# shellcheck shell=bash
place operator-autodetection-kubernetes-internal-ip.yaml 0644 /etc/k8slab/calico/autodetection.yaml
