#!/bin/sh
# Ends a machine's NAT process (see nat-up.sh), and no other process.
#
# lxc runs this when a machine has stopped (hook.stop) and when it is destroyed (hook.destroy). Not in
# hook.post-stop: the process lives in the control group of the machine's monitor, which lxc
# removes in between and cannot remove while somebody is in it.
set -eu

file=/run/k8slab/$LXC_NAME.nat
[ -f "$file" ] || exit 0
read -r pid machine_pid <"$file"

# A number alone proves nothing: the process may have ended long ago and its number belong to another.
# Ours is a slirp4netns whose last words are this machine's first process and eth0.
case $(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline") in
  slirp4netns\ *" $machine_pid eth0 ")
    kill "$pid"
    # It ends at once. Wait until it has (Z: ended, not yet noticed by its parent), at most two seconds.
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
      grep -qs '^State:[[:space:]]*[A-WY]' "/proc/$pid/status" || break
      sleep 0.1
    done
    ;;
esac
rm -f "$file" "/run/k8slab/$LXC_NAME.nat.log"
