# shellcheck shell=bash
place autodetection-can-reach.yaml 0644 /etc/k8slab/calico/autodetection.yaml
