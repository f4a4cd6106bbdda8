#!/bin/sh
# Turns a fresh Debian root into the root of the tests' VirtualBox box: first into that of the lxc box, then its network
# into that of bento's Debian, where the guest itself brings its adapters up.
# mmdebstrap runs this (see build.sh) with the root's folder as the only argument.
set -eu

root=$1
"$(dirname "$0")/customize-lxc.sh" "$root"

cat >"$root/etc/network/interfaces" <<'INTERFACES'
auto lo
iface lo inet loopback

# Adapter 1, VirtualBox's NAT
auto eth0
iface eth0 inet dhcp
INTERFACES
chroot "$root" systemctl --quiet enable networking.service
echo debian-12 >"$root/etc/hostname"
# What DHCP says is the truth; only dhclient writes it.
: >"$root/etc/resolv.conf"
