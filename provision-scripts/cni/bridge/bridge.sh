# shellcheck shell=bash
# Packets larger than the link between the machines would get lost: small ones pass, large ones hang.
link_mtu=$(cat "/sys/class/net/$(interface_of "$NODE_ADDRESS")/mtu")
if [ "$POD_MTU" -gt "$link_mtu" ]; then
  {
    printf 'The MTU of the pod network, %s, is larger than that of the link between the machines, %s.\n' "$POD_MTU" "$link_mtu"
    printf 'Say in lab.yaml:  networking: {mtu: %s}  and run: k8slab render\n' "$link_mtu"
  } >&2
  exit 1
fi

# The bridge itself appears with the first container. Addresses in use are noted under /run/cni/networks/k8slab, and
# forgotten at a reboot, as the containers are.
place 10-k8slab.conflist 0644 /etc/cni/net.d/10-k8slab.conflist
