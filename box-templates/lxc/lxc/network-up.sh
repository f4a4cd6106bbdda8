#!/bin/sh
# Makes the lab's network on the host: a bridge, which is a switch made of software. Each machine's
# eth1 is plugged into it, and so is the host, with the lab's first address.
#
# lxc runs this before a machine starts (hook.pre-start); by hand it does no harm.
set -eu

here=$(dirname "$0")
# shellcheck source-path=SCRIPTDIR source=settings
. "$here/settings"

# 1. One machine at a time: they start side by side, and all of them run this.
mkdir -p /run/k8slab
exec 9>/run/k8slab/network.lock
flock 9

# 2. The bridge. A bridge without a MAC address of its own takes over one of its machines', and changes it
#    when that machine leaves; the others would then talk to nobody for a while. So it gets a fixed one,
#    made of the host's address in the lab: 192.168.57.1 gives 02:16:c0:a8:39:01.
if ! [ -d "/sys/class/net/$LAB_BRIDGE" ]; then
  IFS=. read -r a b c d <<ADDRESS
$LAB_HOST_ADDRESS
ADDRESS
  ip link add "$LAB_BRIDGE" address "$(printf '02:16:%02x:%02x:%02x:%02x' "$a" "$b" "$c" "$d")" type bridge
fi

# 3. The host's address in the lab. Two labs with the same range cannot both be up: the host would
#    send one lab's packets to the other.
other=$(ip -o -4 address show to "$LAB_HOST_ADDRESS/$LAB_PREFIX" | awk -v b="$LAB_BRIDGE" '$2 != b { print $2; exit }')
if [ -n "$other" ]; then
  ip link delete "$LAB_BRIDGE" 2>/dev/null || true
  echo "k8slab: this host already has an address of $LAB_HOST_ADDRESS/$LAB_PREFIX, on $other; give the lab another network" >&2
  exit 1
fi
ip address replace "$LAB_HOST_ADDRESS/$LAB_PREFIX" dev "$LAB_BRIDGE"
ip link set "$LAB_BRIDGE" up

# 4. A host that filters what it forwards (Docker and ufw set iptables' FORWARD policy to DROP) also
#    filters what passes between two ports of a bridge, as soon as the module br_netfilter is loaded,
#    and Kubernetes loads it. One rule lets this bridge's own traffic pass; network-down.sh removes it.
rule="FORWARD -i $LAB_BRIDGE -o $LAB_BRIDGE -m comment --comment k8slab -j ACCEPT"
if command -v iptables >/dev/null && [ "$(iptables -S FORWARD 2>/dev/null)" != '-P FORWARD ACCEPT' ]; then
  # shellcheck disable=SC2086 # the rule is several words
  iptables -C $rule 2>/dev/null || iptables -I $rule
fi
