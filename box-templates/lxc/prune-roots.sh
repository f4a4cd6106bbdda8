#!/bin/sh
# Removes the unpacked roots that no machine on this host uses any more: each version of the box that was
# ever started leaves one (see box/lxc-template). The next machine of a box unpacks its root again.
#
#   prune-roots.sh            every such root
#   prune-roots.sh SHA256…    only these
set -eu

roots=/var/lib/k8slab/roots
[ -d "$roots" ] || exit 0
lxc=$(lxc-config lxc.lxcpath 2>/dev/null || echo /var/lib/lxc)

# 1. Nobody may unpack meanwhile, and a machine that is just being created has a configuration that does not
#    name its root yet ("partial" is lxc's mark of such a one): better leave everything as it is.
exec 9>"$roots/.lock"
flock 9
for partial in "$lxc"/*/partial; do
  if [ -e "$partial" ]; then
    echo "k8slab: $partial: a machine is being created; nothing removed" >&2
    exit 0
  fi
done

# 2. A root is in use when a machine's configuration names it, halted machines too.
[ $# -gt 0 ] || set -- "$roots"/*
for root; do
  root=$roots/${root##*/}
  [ -d "$root" ] || continue
  grep -qsF "overlay:$root:" "$lxc"/*/config || rm -rf "$root"
done
