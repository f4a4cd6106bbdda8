# shellcheck shell=bash
# The condition of a machine: who it says it is, its mounts, room, names, firewall, and whether packages can be installed.

# Two machines are one to systemd, DHCP and the kubelet when these are equal. Only their sums leave the machine.
identity() {
  local file
  for file in /etc/machine-id /sys/class/dmi/id/product_uuid; do
    [ -s "$file" ] || continue
    echo "${file##*/} $(sha256sum <"$file" | head -c 16)"
  done
}

# "shared" or "private": whether mounts made below / are seen by containers that were started before.
root_mount() {
  if awk '$5 == "/" { print $7 }' /proc/self/mountinfo | tail -n 1 | grep -q '^shared:'; then
    echo shared
  else
    echo private
  fi
}

# Whole and free MiB, then whole and free inodes, of the file system that / is on; then of the memory.
room() {
  df --block-size=1M --output=size,avail,itotal,iavail / | awk 'NR == 2 { print "disk", $1, $2, $3, $4 }'
  awk '/^MemTotal:/ { all = $2 } /^MemAvailable:/ { print "memory", int(all / 1024), int($2 / 1024) }' /proc/meminfo
}

# Rules that keep packets out: chains whose policy it is, and rules of their own that are not a cluster's or a bridge's.
firewall() {
  local rules
  command -v iptables >/dev/null || return 127
  rules=$(iptables -S) || return
  # Of grep, 1 says that no line is left: nothing keeps packets out.
  grep -E -- '^-P (INPUT|FORWARD|OUTPUT) DROP$|^-A (INPUT|FORWARD|OUTPUT) .*-j (DROP|REJECT)' <<<"$rules" |
    grep -vE -- '--comment "?(cali|kubernetes|cni|flanneld)' || [ $? = 1 ]
}

# Units that bring rules of their own, while they run; not a firewalld that was told of the lab.
firewall_units() {
  local unit
  for unit in ufw firewalld; do
    systemctl is-active --quiet "$unit" || continue
    if [ "$unit" = firewalld ] && firewall-cmd --get-active-zones | grep -q '^k8slab'; then continue; fi
    echo "$unit"
  done
}

# Who holds the package manager's lock, as far as the kernel tells: the name of the process.
package_lock() {
  local file inode pid
  for file in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/rpm/.rpm.lock; do
    [ -e "$file" ] || continue
    inode=$(stat --format %i "$file")
    awk -v inode=":$inode" 'substr($6, length($6) - length(inode) + 1) == inode { print $5 }' /proc/locks |
      while read -r pid; do
        if [ -r "/proc/$pid/comm" ]; then echo "$file $pid $(cat "/proc/$pid/comm")"; fi
      done
  done
}

# Names of OUTSIDE_NAMES that resolve here, with an address. Each is asked for twice: a packet may be lost.
outside_name() {
  local address
  address=$(RES_OPTIONS='timeout:1 attempts:2' timeout 5 getent ahostsv4 "$1" | awk '{ print $1; exit }')
  [ -z "$address" ] || echo "$1 $address"
}
outside_names() {
  xargs -r -n 1 -P 4 bash -c 'outside_name "$@"' bash <<<"$OUTSIDE_NAMES"
}

collect_condition() {
  observe identity 10 300 identity
  observe root-mount 10 100 root_mount
  observe room 10 1000 room
  observe firewall 10 50000 firewall &
  observe firewall-units 10 300 firewall_units &
  observe package-lock 10 2000 package_lock
  observe outside-names 10 2000 outside_names &
  observe name-servers 10 2000 sed -n 's/^nameserver  *//p' /etc/resolv.conf
  wait
}
