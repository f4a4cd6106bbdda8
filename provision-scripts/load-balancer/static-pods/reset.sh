# shellcheck shell=bash
# keepalived gives the shared address back when it is asked to end; when it was killed it did not.
if interface=$(interface_of "$ENDPOINT_ADDRESS"); then
  ip address delete "$ENDPOINT_ADDRESS/$HOST_ONLY_PREFIX" dev "$interface"
  printf '    took %s from %s\n' "$ENDPOINT_ADDRESS" "$interface"
fi
remove_files /etc/kubernetes/manifests/{keepalived,haproxy}.yaml /etc/keepalived /etc/haproxy /usr/local/bin/check-api
