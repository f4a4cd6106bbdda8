# shellcheck shell=bash
place encapsulation-none.yaml 0644 /etc/k8slab/calico/encapsulation.yaml
place backend-bird.yaml 0644 /etc/k8slab/calico/backend.yaml
