# shellcheck shell=bash
remove_links '^(flannel\.[0-9]+|flannel-v6\.[0-9]+|cni0)$'
# With the back end host-gw: a route for each machine, which flannel leaves behind.
for route in $(ip -4 route show root "$POD_SUBNET" | awk '$2 == "via" { print $1 }'); do
  ip route delete "$route"
  printf '    removed the route to %s\n' "$route"
done
remove_rules FLANNEL- flanneld
remove_tables flannel-ipv4 flannel-ipv6
remove_files /etc/cni/net.d/10-flannel.conflist /opt/cni/bin/flannel /etc/k8slab/flannel /run/flannel \
  /var/lib/cni/{flannel,networks}
