# shellcheck shell=bash
# spec.podCIDR of this machine's node. A range that is set stays for the life of the node: the API refuses another one.
set_pod_range() {
  local kubeconfig=/etc/kubernetes/kubelet.conf range
  range=$(kubectl --kubeconfig "$kubeconfig" get node "$MACHINE" --output 'jsonpath={.spec.podCIDR}') || return 1
  case $range in
    "$POD_CIDR") ;;
    '')
      kubectl --kubeconfig "$kubeconfig" patch node "$MACHINE" --type merge \
        --patch "{\"spec\": {\"podCIDR\": \"$POD_CIDR\", \"podCIDRs\": [\"$POD_CIDR\"]}}"
      ;;
    *)
      printf 'The node %s has the range %s, planned is %s, and a node keeps its range.\n' "$MACHINE" "$range" "$POD_CIDR" >&2
      printf 'Make the machine anew: k8slab destroy %s && k8slab up\n' "$MACHINE" >&2
      exit 1
      ;;
  esac
}

if [ -e /etc/kubernetes/kubelet.conf ]; then
  retry 5 set_pod_range
else
  echo '    no kubelet runs on this machine, so it is no node'
fi
