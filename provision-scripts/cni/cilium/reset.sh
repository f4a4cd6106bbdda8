# shellcheck shell=bash
remove_links '^(cilium_(net|host|vxlan)|lxc_health|lxc[0-9a-f]+)$'
# Programs that are pinned here stay loaded, whether an agent runs or not.
remove_files /sys/fs/bpf/cilium
for map in /sys/fs/bpf/tc/globals/cilium_*; do
  remove_files "$map"
done
remove_rules CILIUM_ cilium
remove_files /etc/cni/net.d/05-cilium.conflist /opt/cni/bin/cilium-cni /etc/k8slab/cilium /var/lib/cilium /run/cilium \
  /var/run/cilium
