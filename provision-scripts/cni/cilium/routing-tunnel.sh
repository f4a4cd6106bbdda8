# shellcheck shell=bash
place routing-tunnel.yaml 0644 /etc/k8slab/cilium/routing.yaml
