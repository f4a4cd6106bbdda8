#!/bin/sh
# Removes what network-up.sh made, unless a machine still needs it.
#
# lxc runs this when a machine is destroyed (hook.destroy); by hand it does no harm.
set -eu

here=$(dirname "$0")
# shellcheck source-path=SCRIPTDIR source=settings
. "$here/settings"

mkdir -p /run/k8slab
exec 9>/run/k8slab/network.lock
flock 9

# 1. A machine that is plugged in needs the bridge.
if [ -n "$(ls -A "/sys/class/net/$LAB_BRIDGE/brif" 2>/dev/null)" ]; then
  exit 0
fi

# 2. A machine that is halted, or about to start, names the bridge in its configuration.
#    (LXC_NAME is set when lxc runs this: the machine that is going away does not count.)
lxc=$(lxc-config lxc.lxcpath 2>/dev/null || echo /var/lib/lxc)
for config in "$lxc"/*/config; do
  if [ "$config" != "$lxc/${LXC_NAME:-}/config" ] && grep -qs "^lxc.net.0.link *= *$LAB_BRIDGE\$" "$config"; then
    exit 0
  fi
done

# 3. The bridge goes, and with it the host's address and route; then the firewall rule.
ip link delete "$LAB_BRIDGE" 2>/dev/null || true
if command -v iptables >/dev/null; then
  rule="FORWARD -i $LAB_BRIDGE -o $LAB_BRIDGE -m comment --comment k8slab -j ACCEPT"
  # shellcheck disable=SC2086 # the rule is several words
  while iptables -D $rule 2>/dev/null; do :; done
fi
