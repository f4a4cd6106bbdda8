# shellcheck shell=bash
place routing-native.yaml 0644 /etc/k8slab/cilium/routing.yaml
