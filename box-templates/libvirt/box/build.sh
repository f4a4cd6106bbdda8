#!/bin/bash
# Builds the box k8slab/debian-12 for libvirt from Debian's packages: a disk with one file system, a kernel and GRUB.
#
#   build.sh OUTPUT.box WORK-FOLDER
#
# Needs root, an x86 processor, mmdebstrap, grub-mkimage with its files for BIOSes (grub-pc-bin), sfdisk, mke2fs, qemu-img and tar.
# The packages come from where mmdebstrap takes them: this host's own apt sources if it is a Debian of that release, else
# Debian's default. Afterwards:
#
#   vagrant box add --provider libvirt --name k8slab/debian-12 OUTPUT.box
#
# What the box is made of is in the files beside this script, nowhere else. Nothing is mounted: every part is put into its place
# in a file, so that a build that is killed leaves a folder behind and no more.
set -euo pipefail

RELEASE=bookworm
# As in metadata.json; the file is as large as what is in it.
DISK_GIB=20
# Where the file system begins on the disk, in bytes; GRUB lies before it.
OFFSET=$((1024 * 1024))
# Every file of the box carries at most this time, so that two builds of the same packages are alike.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1735689600}
export LC_ALL=C.UTF-8

if [ $# -ne 2 ]; then
  echo "usage: $0 OUTPUT.box WORK-FOLDER" >&2
  exit 2
fi
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
output=$(realpath -m "$1")
mkdir -p "$2" "$(dirname "$output")"

# 1. Work in a folder of our own, and leave nothing behind however this ends.
work=$(mktemp -d "$(realpath "$2")/box.XXXXXXXX")
cleanup() {
  rm -rf --one-file-system "$work" "$output.partial"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

for program in mmdebstrap grub-mkimage sfdisk mke2fs qemu-img tar; do
  command -v "$program" >/dev/null || {
    echo "build.sh: $program is missing; on Debian: apt-get install mmdebstrap grub-common grub-pc-bin fdisk e2fsprogs qemu-utils tar" >&2
    exit 3
  }
done
grub=/usr/lib/grub/i386-pc
[ -e "$grub/boot.img" ] || {
  echo "build.sh: $grub is missing; on Debian: apt-get install grub-pc-bin" >&2
  exit 3
}

# 2. The root: Debian's minimal base, the packages of packages.txt, then customize.sh. Manuals and
#    translations stay out, also of what is installed later.
#    TMPDIR: mmdebstrap unpacks where we clean up. RECIPE: a hook is a line of shell that mmdebstrap
#    runs with the root's folder as $1; a variable keeps any path, spaces and quotes too, out of it.
packages=$(sed -e 's/#.*//' "$here/packages.txt" | xargs | tr ' ' ',')
echo "Building the root with mmdebstrap"
# shellcheck disable=SC2016 # the shell that mmdebstrap starts expands the hooks, not this one
RECIPE=$here TMPDIR=$work mmdebstrap \
  --variant=minbase \
  --format=directory \
  --include="$packages" \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --essential-hook='cp -R --no-dereference --preserve=mode,links "$RECIPE/root/etc/tiny-initramfs" "$1/etc/"' \
  --customize-hook='"$RECIPE/customize.sh" "$1"' \
  "$RELEASE" "$work/root"

# 3. The disk: GRUB's first sector, the table of partitions, GRUB itself behind it, and the file system with the root in it.
#    GRUB looks for its second part where it is told to at compile time, in the sector after the first: no installer is needed.
echo "Making the disk"
disk=$work/disk.raw
truncate --size "${DISK_GIB}G" "$disk"
echo "start=$((OFFSET / 512)), type=83, bootable" | sfdisk --quiet --label dos "$disk"
grep -v '^#' "$here/grub.cfg" >"$work/grub.cfg" # this early GRUB reads no comments
grub-mkimage --format i386-pc --directory "$grub" --prefix '(hd0,msdos1)/boot/grub' --config "$work/grub.cfg" \
  --output "$work/core.img" biosdisk part_msdos ext2 linux
dd if="$grub/boot.img" of="$disk" bs=440 count=1 conv=notrunc status=none
dd if="$work/core.img" of="$disk" bs=512 seek=1 conv=notrunc status=none
mke2fs -q -t ext4 -L root -m 1 -E "offset=$OFFSET,lazy_itable_init=1,lazy_journal_init=1" -d "$work/root" \
  "$disk" "$((DISK_GIB * 1024 * 1024 - OFFSET / 1024))k"
rm -rf --one-file-system "$work/root"

# 4. The box: the disk, compressed, and what Vagrant wants to know of it.
echo "Packing the box"
qemu-img convert -O qcow2 -c -o compression_type=zlib "$disk" "$work/box.img"
rm "$disk"
install -m 0644 "$here/metadata.json" "$work/"
tar --create --file "$output.partial" --directory "$work" \
  --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --format=gnu \
  box.img metadata.json

# 5. The name appears only when the box is complete.
mv "$output.partial" "$output"
echo "Built $output"
