# shellcheck shell=bash

# require_link_mtu: fails when packets of the pod network are larger than the link between the machines takes. They would get lost:
# small ones pass, large ones hang.
require_link_mtu() {
  local link_mtu
  link_mtu=$(cat "/sys/class/net/$(interface_of "$NODE_ADDRESS")/mtu")
  [ "$POD_MTU" -gt "$link_mtu" ] || return 0
  {
    printf 'The MTU of the pod network, %s, is larger than that of the link between the machines, %s.\n' "$POD_MTU" "$link_mtu"
    printf 'Say in lab.yaml:  networking: {mtu: %s}  and run: k8slab render\n' "$link_mtu"
  } >&2
  return 1
}
