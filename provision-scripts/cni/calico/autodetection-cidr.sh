# shellcheck shell=bash
place autodetection-cidr.yaml 0644 /etc/k8slab/calico/autodetection.yaml
