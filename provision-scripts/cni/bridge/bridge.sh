# shellcheck shell=bash
require_link_mtu

# The bridge itself appears with the first container. Addresses in use are noted under /run/cni/networks/k8slab, and
# forgotten at a reboot, as the containers are.
place 10-k8slab.conflist 0644 /etc/cni/net.d/10-k8slab.conflist
