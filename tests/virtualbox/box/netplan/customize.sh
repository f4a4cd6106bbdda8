#!/bin/sh
# Turns a fresh Debian root into the root of the tests' other VirtualBox box: first into that of the lxc box, then its
# network into that of bento's Ubuntu, where netplan tells systemd-networkd what to do.
# mmdebstrap runs this (see build.sh) with the root's folder as the only argument.
set -eu

root=$1
# systemd-resolved's, a link to nowhere while nothing runs.
rm -f "$root/etc/resolv.conf"
"$(dirname "$0")/customize-lxc.sh" "$root"

mkdir -p "$root/etc/netplan"
# `critical`: networkd keeps the address while `netplan apply` configures every adapter anew, twice.
cat >"$root/etc/netplan/01-netcfg.yaml" <<'NETPLAN'
network:
  version: 2
  ethernets:
    eth0:
      dhcp4: true
      critical: true
NETPLAN
chmod 0600 "$root/etc/netplan/01-netcfg.yaml"
# Ubuntu's PATH has the folders of administrators for everybody, so Vagrant, which logs in as a person, finds netplan there.
echo 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' >"$root/etc/profile.d/ubuntu-path.sh"
chroot "$root" systemctl --quiet unmask systemd-networkd.service
chroot "$root" systemctl --quiet enable systemd-networkd.service systemd-resolved.service
# Nobody runs udev in a system container; its notes say to systemd-networkd that the adapters are there.
mkdir -p "$root/etc/systemd/system/systemd-networkd.service.d"
cat >"$root/etc/systemd/system/systemd-networkd.service.d/no-udev.conf" <<'DROPIN'
[Service]
ExecStartPre=+/bin/sh -c 'mkdir -p /run/udev/data && for link in /sys/class/net/*; do echo I:1 >"/run/udev/data/n$(cat "$link/ifindex")"; done'
DROPIN
# `netplan apply` asks udev to look again.
printf '#!/bin/sh\nexit 0\n' >"$root/usr/bin/udevadm"
chmod 0755 "$root/usr/bin/udevadm"
echo ubuntu >"$root/etc/hostname"
ln -sf ../run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
