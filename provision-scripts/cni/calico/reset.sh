# shellcheck shell=bash
remove_links '^(cali[0-9a-f]{11}|vxlan\.calico|vxlan-v6\.calico)$'
# 12 is BIRD, 80 Calico's agent: their routes stay behind when they end.
for protocol in 12 80; do
  ip route flush proto "$protocol"
done
# The kernel made this one by itself and keeps it; without an address it does nothing.
if [ -e /sys/class/net/tunl0 ]; then
  ip address flush dev tunl0
  ip link set tunl0 down
fi
remove_rules 'cali[-:]'
remove_tables calico
remove_sets '^cali'
remove_files /etc/cni/net.d/{10-calico.conflist,calico-kubeconfig,calico-tls} /opt/cni/bin/{calico,calico-ipam} \
  /etc/k8slab/calico /var/lib/calico /run/calico /var/log/calico
