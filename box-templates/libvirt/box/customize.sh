#!/bin/sh
# Turns a fresh Debian root into the root of a Vagrant box.
# mmdebstrap runs this (see build.sh) with the root's folder as the only argument.
set -eu

root=$1
here=$(dirname "$0")

# 1. The files of box/root/, at the same places, and the file that finds the disk at boot.
cp -R --no-dereference --preserve=mode,links "$here/root/." "$root/"
chmod 0440 "$root/etc/sudoers.d/vagrant"
chroot "$root" update-tirfs
printf '/dev/vda1 / ext4 defaults,discard 0 0\n' >"$root/etc/fstab"

# 2. The user Vagrant logs in as, without a password ("*" matches none) but with the key everybody
#    knows: Vagrant puts a key of the machine's own in its place at the first boot.
#    https://developer.hashicorp.com/vagrant/docs/boxes/base
chroot "$root" useradd --create-home --shell /bin/bash --user-group --password '*' vagrant
install -d -m 0700 "$root/home/vagrant/.ssh"
install -m 0600 "$here/vagrant.pub" "$root/home/vagrant/.ssh/authorized_keys"
chroot "$root" chown -R vagrant:vagrant /home/vagrant/.ssh

# 3. Everything that must differ between machines is left out, and made at a machine's first boot:
#    machine-id by systemd (an empty file asks for that), host keys by ssh.service.d/host-keys.conf.
#    The name comes from Vagrant.
: >"$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id"
echo debian >"$root/etc/hostname"
rm -f "$root"/etc/ssh/ssh_host_*
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n' >"$root/etc/hosts"

# 4. Services: ssh, the network, and nothing that works in the background of a lab.
chroot "$root" systemctl --quiet enable ssh.service systemd-networkd.service systemd-resolved.service
chroot "$root" systemctl --quiet mask \
  systemd-networkd-wait-online.service getty@tty1.service \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer \
  e2scrub_all.timer e2scrub_reap.service systemd-pstore.service nftables.service

# 5. Nothing that only this build knew: the resolver of the build host, logs, caches. Names are asked for at the resolver
#    that DHCP tells of: programs in pods cannot use one on the machine's own 127.0.0.53.
ln -sf /run/systemd/resolve/resolv.conf "$root/etc/resolv.conf"
: >"$root/etc/motd"
find "$root/var/log" -type f -delete
rm -rf "$root"/var/cache/apt/*.bin "$root"/var/cache/ldconfig "$root"/var/cache/debconf/*-old
