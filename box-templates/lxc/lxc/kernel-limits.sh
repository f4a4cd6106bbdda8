#!/bin/sh
# Makes room in limits of the host's kernel, which all machines share. They are raised, never lowered, and
# fall back to the host's own at its next boot.
#
# lxc runs this before a machine starts (hook.pre-start); by hand it does no harm.
set -eu

# at_least FILE NUMBER
at_least() {
  if [ "$(cat "$1")" -lt "$2" ]; then
    echo "$2" >"$1"
  fi
}

# Programs that want to know when files change (systemd, kubelet, kube-proxy, containerd …) take inotify instances: some
# 25 a machine. The kernel counts them by user, root of all machines is one user to it, and the usual 128 are soon
# used up: "too many open files".
at_least /proc/sys/fs/inotify/max_user_instances 8192
at_least /proc/sys/fs/inotify/max_user_watches 524288
