# shellcheck shell=bash
# kube-vip gives the shared address back when it is asked to end; when it was killed it did not.
if interface=$(interface_of "$ENDPOINT_ADDRESS"); then
  ip address delete "$ENDPOINT_ADDRESS/32" dev "$interface"
  printf '    took %s from %s\n' "$ENDPOINT_ADDRESS" "$interface"
fi
remove_files /etc/kubernetes/manifests/kube-vip.yaml
