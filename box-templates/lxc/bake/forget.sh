#!/bin/sh
# Makes the root of a set-up machine one that any machine may start from: what says who it was, what it was
# told in confidence, and what only its own lab's network knew is removed. Programs, packages and images stay.
#
#   forget.sh ROOT
set -eu

root=$1
if [ -z "$root" ] || [ "$root" = / ] || ! [ -d "$root/etc" ]; then
  echo "forget.sh: $root is not the root of a machine" >&2
  exit 2
fi

# 1. Who it was. Each machine makes these at its first boot (see ../box/customize.sh).
: >"$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id" "$root/etc/hostname" "$root"/etc/ssh/ssh_host_*
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n' >"$root/etc/hosts"
rm -f "$root/var/lib/systemd/random-seed" "$root/var/lib/systemd/credential.secret"
rm -rf "$root"/var/lib/dhcp/* "$root"/var/lib/containerd/io.containerd.grpc.v1.introspection

# 2. Kubernetes: keys, tokens, configuration and data of any cluster. Baking makes none; this is for certain.
rm -rf "$root"/etc/kubernetes/pki "$root"/etc/kubernetes/*.conf "$root"/etc/kubernetes/k8slab \
  "$root"/etc/kubernetes/manifests/* "$root"/var/lib/etcd "$root"/var/lib/kubelet/* "$root"/etc/cni/net.d/*

# 3. Where its downloads came from: an address of its own lab. What was downloaded is installed.
rm -rf "$root/etc/containerd/certs.d/_default" "$root/etc/containers/registries.conf.d/30-k8slab-mirrors.conf" \
  "$root/etc/apt/sources.list.d/kubernetes.list" "$root/etc/apt/sources.list.d/cri-o.list" \
  "$root/etc/yum.repos.d/kubernetes.repo" "$root/etc/yum.repos.d/cri-o.repo" "$root/var/cache/k8slab" "$root/var/lib/k8slab"
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb \
  "$root"/var/cache/dnf/* "$root"/var/lib/containerd/tmpmounts/* \
  "$root"/var/lib/containerd/io.containerd.runtime.v2.task/*

# 4. What it did: logs, the shell's memory, files of the moment.
find "$root/var/log" -type f -delete
rm -rf "$root"/var/log/journal/* "$root"/tmp/* "$root"/tmp/.[!.]* "$root"/var/tmp/* "$root"/run/*
rm -f "$root"/root/.bash_history "$root"/home/*/.bash_history "$root"/root/.ssh/known_hosts "$root"/home/*/.ssh/known_hosts
rm -rf "$root"/root/.kube "$root"/home/*/.kube
