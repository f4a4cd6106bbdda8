# shellcheck shell=bash
place encapsulation-vxlan.yaml 0644 /etc/k8slab/calico/encapsulation.yaml
place backend-vxlan.yaml 0644 /etc/k8slab/calico/backend.yaml
