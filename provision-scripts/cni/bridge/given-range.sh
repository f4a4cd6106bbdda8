# shellcheck shell=bash
require_link_mtu

# Empty until the controller manager has seen the node.
given_range() {
  kubectl --kubeconfig /etc/kubernetes/kubelet.conf get node "$MACHINE" --output 'jsonpath={.spec.podCIDR}'
}
is_given() {
  [ -n "$(given_range)" ]
}
wait_for 300 "a range of pod addresses for the node $MACHINE" is_given

# The bridge itself appears with the first container, with the first address of the range.
text=$(cat /tmp/k8slab/files/10-k8slab.conflist)
place_text 0644 /etc/cni/net.d/10-k8slab.conflist <<<"${text//@POD_CIDR@/$(given_range)}"
