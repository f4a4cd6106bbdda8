# shellcheck shell=bash
place crio.toml 0644 /etc/crio/crio.conf.d/20-k8slab.conf
place registries.conf 0644 /etc/containers/registries.conf.d/20-k8slab.conf
# crictl, where it is installed, shows a machine's containers also when the API does not answer.
place crictl.yaml 0644 /etc/crictl.yaml
mkdir -p /etc/cni/net.d

run_service crio.service /etc/crio/crio.conf.d/20-k8slab.conf /etc/containers/registries.conf.d/20-k8slab.conf \
  "$(command -v crio)"
