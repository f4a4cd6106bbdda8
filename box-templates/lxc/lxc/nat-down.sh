#!/bin/sh
# Ends a machine's NAT process (see nat-up.sh), and no other process.
#
# lxc runs this when a machine has stopped (hook.post-stop) and when it is destroyed (hook.destroy).
set -eu

file=/run/k8slab/$LXC_NAME.nat
[ -f "$file" ] || exit 0
read -r pid machine_pid <"$file"

# A number alone proves nothing: the process may have ended long ago and its number belong to another.
# Ours is a slirp4netns whose last words are this machine's first process and eth0.
command=$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null || true)
case $command in
  slirp4netns\ *" $machine_pid eth0 ")
    kill "$pid" 2>/dev/null || true
    ;;
esac
rm -f "$file" "/run/k8slab/$LXC_NAME.nat.log"
