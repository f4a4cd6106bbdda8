#!/bin/bash
# Packs a stopped machine into a box of its own, without anything that belongs to that machine alone.
#
#   pack.sh MACHINE OUTPUT.box ABOUT.json
#
# ABOUT.json says what is inside, and goes into the box as it is. The box holds one whole root: the shared root that the
# machine used, what the machine changed, and its containerd folder with every image unpacked. The root is also put
# where machines of the box will look for it, so that the first one need not unpack it. Needs root.
set -euo pipefail
export LC_ALL=C.UTF-8

if [ $# -ne 3 ]; then
  echo "usage: $0 MACHINE OUTPUT.box ABOUT.json" >&2
  exit 2
fi
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
machine=$(lxc-config lxc.lxcpath 2>/dev/null || echo /var/lib/lxc)/$1
output=$(realpath -m "$2")
about=$3
roots=/var/lib/k8slab/roots

# 1. The machine must not run: its files would change while they are read.
if [ "$(lxc-info --name "$1" --state --no-humanize)" != STOPPED ]; then
  echo "pack.sh: $1 is not a stopped machine" >&2
  exit 3
fi
overlay=$(sed -n 's/^lxc\.rootfs\.path *= *overlay://p' "$machine/config" | tail -n 1)
if [ -z "$overlay" ]; then
  echo "pack.sh: $1 has no root of the form that k8slab's boxes give" >&2
  exit 3
fi

# 2. Work in a folder of our own, on the file system of the roots, and leave nothing behind however this ends.
mkdir -p "$roots" "$(dirname "$output")"
work=$(mktemp -d "${roots%/*}/bake.XXXXXXXX")
cleanup() {
  umount "$work/merged" 2>/dev/null || true
  rm -rf --one-file-system "$work" "$output.partial"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# 3. One root: the machine's changes over what it shared, then its real folder with images at its place.
echo 'Merging the root of the machine'
mkdir "$work/merged" "$work/root"
mount -t overlay -o "ro,lowerdir=${overlay#*:}:${overlay%%:*}" overlay "$work/merged"
cp -a "$work/merged/." "$work/root/"
umount "$work/merged"
# Moved, for the machine goes away and must not be started again.
rm -rf "$work/root/var/lib/containerd"
mv "$machine/real/var/lib/containerd" "$work/root/var/lib/containerd"
sh "$here/forget.sh" "$work/root"

# 4. The box: the root, its checksum (the name of the unpacked root on the host), how to run it, what is inside.
echo 'Packing the box'
tar --create --directory "$work/root" --sort=name --numeric-owner --xattrs --xattrs-include='*' . |
  gzip --no-name --fast >"$work/rootfs.tar.gz"
(cd "$work" && sha256sum rootfs.tar.gz >rootfs.sha256)
install -m 0644 "$here/../box/metadata.json" "$here/../box/lxc-config" "$work/"
install -m 0755 "$here/../box/lxc-template" "$work/"
install -m 0644 "$about" "$work/k8slab.json"
tar --create --file "$output.partial" --directory "$work" --owner=0 --group=0 --numeric-owner --format=gnu \
  k8slab.json lxc-config lxc-template metadata.json rootfs.sha256 rootfs.tar.gz

# 5. The unpacked root, as lxc-template would leave it: under its name only when it is complete and on disk.
read -r sha256 _ <"$work/rootfs.sha256"
exec 9>"$roots/.lock"
flock 9
if [ ! -d "$roots/$sha256" ]; then
  sync -f "$work/root"
  mv "$work/root" "$roots/$sha256"
fi
exec 9>&-

# 6. The name of the box appears only when it is complete.
mv "$output.partial" "$output"
echo "Packed $output"
echo "Root $sha256"
