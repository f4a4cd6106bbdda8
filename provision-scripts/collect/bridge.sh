# shellcheck shell=bash
# The bridge CNI: addresses it handed out, and pings to the bridges of the other machines.

# host-local keeps one file for each address; where is a matter of its configuration.
leases() {
  local folder
  for folder in /run/cni/networks /var/lib/cni/networks; do
    [ -d "$folder" ] || continue
    find "$folder" -mindepth 2 -maxdepth 2 -type f -name '*.*.*.*' -printf '%f\n'
  done
}

# Process of a container on this bridge: one whose network leaves through the bridge's address.
container_process() {
  local pid
  for pid in $(network_processes); do
    [ "/proc/$pid/ns/net" -ef /proc/self/ns/net ] && continue
    if nsenter --target "$pid" --net ip -4 route show default 2>/dev/null | grep -qF "via $BRIDGE_ADDRESS "; then
      echo "$pid"
      return 0
    fi
  done
}

# PEERS holds one "MACHINE BRIDGE-ADDRESS" a line.
ping_peers() {
  local mtu pid container machine to packet
  mtu=$(cat "/sys/class/net/$BRIDGE/mtu" 2>/dev/null || echo 1500)
  pid=$(container_process)
  if [ -n "$pid" ]; then
    container=$(nsenter --target "$pid" --net ip -4 -o address show scope global | awk '{ sub("/.*", "", $4); print $4; exit }')
  fi
  while read -r machine to; do
    [ -n "$to" ] || continue
    for packet in 84 "$mtu"; do
      echo "- $BRIDGE_ADDRESS $machine $to $packet"
      if [ -n "${container:-}" ]; then echo "$pid $container $machine $to $packet"; fi
    done
  done <<<"$PEERS" | xargs -r -P 64 -L 1 bash -c 'ping_packet "$@"' bash
}

collect_bridge() {
  observe bridge-leases 10 100000 leases
  observe bridge-pings 15 1000000 ping_peers
}
