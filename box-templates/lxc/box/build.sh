#!/bin/bash
# Builds the box k8slab/debian-12 from Debian's packages.
#
#   build.sh OUTPUT.box WORK-FOLDER
#
# Needs root (or a user who may use user namespaces), mmdebstrap, tar and gzip. The packages come from
# where mmdebstrap takes them: this host's own apt sources if it is a Debian of that release, else
# Debian's default. Afterwards:
#
#   vagrant box add --provider lxc --name k8slab/debian-12 OUTPUT.box
#
# What the box is made of is in the files beside this script, nowhere else.
set -euo pipefail

RELEASE=bookworm
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
  rm -rf "$work" "$output.partial"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

for program in mmdebstrap tar gzip sha256sum; do
  command -v "$program" >/dev/null || {
    echo "build.sh: $program is missing; install the package of that name" >&2
    exit 3
  }
done

# 2. The root: Debian's minimal base, the packages of packages.txt, then customize.sh. Manuals and
#    translations stay out, also of what is installed later. mmdebstrap writes a sorted tar that
#    keeps extended attributes.
#    TMPDIR: mmdebstrap unpacks where we clean up. RECIPE: the hook is a line of shell that mmdebstrap
#    runs with the root's folder as $1; a variable keeps any path, spaces and quotes too, out of it.
packages=$(sed -e 's/#.*//' "$here/packages.txt" | xargs | tr ' ' ',')
echo "Building the root with mmdebstrap"
# shellcheck disable=SC2016 # the shell that mmdebstrap starts expands the hook, not this one
RECIPE=$here TMPDIR=$work mmdebstrap \
  --variant=minbase \
  --format=tar \
  --include="$packages" \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --customize-hook='"$RECIPE/customize.sh" "$1"' \
  "$RELEASE" "$work/rootfs.tar"

# 3. The box: the root, its checksum (the name of the unpacked root on the host), and how to run it.
echo "Packing the box"
gzip --no-name --fast "$work/rootfs.tar"
(cd "$work" && sha256sum rootfs.tar.gz >rootfs.sha256)
install -m 0644 "$here/metadata.json" "$here/lxc-config" "$work/"
install -m 0755 "$here/lxc-template" "$work/"
tar --create --file "$output.partial" --directory "$work" \
  --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --format=gnu \
  lxc-config lxc-template metadata.json rootfs.sha256 rootfs.tar.gz

# 4. The name appears only when the box is complete.
mv "$output.partial" "$output"
echo "Built $output"
