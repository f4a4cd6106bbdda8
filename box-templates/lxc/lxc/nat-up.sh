#!/bin/sh
# Gives a machine its adapter 1 (eth0): the way out to the internet, exactly like VirtualBox's NAT.
# One slirp4netns process per machine answers in the role of a tiny router:
#
#   10.0.2.15   the machine: the same address in EVERY machine, reachable from none of the others
#   10.0.2.2    the gateway, this process
#   10.0.2.3    a name server, which asks the host's
#
# That all machines have the same address on eth0 is the trap Kubernetes on Vagrant falls into:
# whatever picks "the first address" picks one that leads nowhere.
#
# lxc runs this when the machine has its network namespace but runs nothing yet (hook.start-host), with
# LXC_NAME, the machine, and LXC_PID, its first process.
set -eu

# 1. End what an earlier start may have left: lxc may call a hook twice, and the host may have crashed.
sh "$(dirname "$0")/nat-down.sh"

# 2. Start the process. lxc, and Vagrant behind it, wait until everything they started has closed its
#    output, so it gets none of theirs: input from nowhere, output to a log, and a session of its own. It
#    writes "1" to file 3 when the adapter is there, and file 3 is what $( ) reads.
#    --disable-host-loopback: what listens on the host's 127.0.0.1 is not the machine's business.
mkdir -p /run/k8slab
log=/run/k8slab/$LXC_NAME.nat.log
ready=$(
  setsid slirp4netns --ready-fd=3 --mtu=1500 --cidr=10.0.2.0/24 --disable-host-loopback \
    "$LXC_PID" eth0 3>&1 >"$log" 2>&1 </dev/null &
  # 3. Write down which process it is, for nat-down.sh.
  echo "$! $LXC_PID" >"/run/k8slab/$LXC_NAME.nat"
)
if [ "$ready" != 1 ]; then
  echo "k8slab: no NAT for $LXC_NAME: slirp4netns said: $(cat "$log")" >&2
  exit 1
fi

# 4. The adapter's address and the default route, as the router's DHCP would hand them out. lxc has done the
#    same for eth1. (nsenter --net: run a program of the host's in the machine's network.)
nsenter --net --target "$LXC_PID" sh -e <<'MACHINE'
ip address add 10.0.2.15/24 broadcast 10.0.2.255 dev eth0
ip link set eth0 up
ip route add default via 10.0.2.2 dev eth0
MACHINE
