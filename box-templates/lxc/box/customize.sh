#!/bin/sh
# Turns a fresh Debian root into the root of a Vagrant box.
# mmdebstrap runs this (see build.sh) with the root's folder as the only argument.
set -eu

root=$1
here=$(dirname "$0")

# 1. The files of box/root/, at the same places.
cp -R --no-dereference --preserve=mode,links "$here/root/." "$root/"
chmod 0440 "$root/etc/sudoers.d/vagrant"
chmod 0755 "$root/usr/local/bin/lsmod" "$root/usr/local/lib/k8slab/kernel-modules" \
  "$root/usr/local/lib/k8slab/runc-limited"

# 2. The user Vagrant logs in as, without a password ("*" matches none) but with the key everybody
#    knows: the machines are reachable from this host only.
#    https://developer.hashicorp.com/vagrant/docs/boxes/base
chroot "$root" useradd --create-home --shell /bin/bash --user-group --password '*' vagrant
install -d -m 0700 "$root/home/vagrant/.ssh"
install -m 0600 "$here/vagrant.pub" "$root/home/vagrant/.ssh/authorized_keys"
chroot "$root" chown -R vagrant:vagrant /home/vagrant/.ssh

# 3. Everything that must differ between machines is left out, and made at a machine's first boot:
#    machine-id by systemd (an empty file asks for that), host keys by ssh.service.d/host-keys.conf.
#    The name comes from lxc and Vagrant.
: >"$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id" "$root/etc/hostname"
rm -f "$root"/etc/ssh/ssh_host_*
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n' >"$root/etc/hosts"

# 4. Services: ssh, and nothing that works in the background of a lab. Nor a network service: both
#    adapters have their addresses before the machine's first process runs (see ../lxc/).
chroot "$root" systemctl --quiet enable ssh.service k8slab-kernel-modules.service
chroot "$root" systemctl --quiet mask \
  systemd-networkd.service systemd-networkd-wait-online.service getty@tty1.service console-getty.service \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer \
  e2scrub_all.timer e2scrub_reap.service systemd-pstore.service nftables.service

# 5. Nothing that only this build knew: the resolver of the build host, logs, caches.
printf 'nameserver 10.0.2.3\n' >"$root/etc/resolv.conf"
: >"$root/etc/fstab"
: >"$root/etc/motd"
find "$root/var/log" -type f -delete
rm -rf "$root"/var/cache/apt/*.bin "$root"/var/cache/ldconfig "$root"/var/cache/debconf/*-old
