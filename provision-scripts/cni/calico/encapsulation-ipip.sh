# shellcheck shell=bash
place encapsulation-ipip.yaml 0644 /etc/k8slab/calico/encapsulation.yaml
place backend-bird.yaml 0644 /etc/k8slab/calico/backend.yaml
