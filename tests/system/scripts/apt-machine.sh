#!/usr/bin/env bash
# Runs the apt forms of our provisioning scripts against a small signed repository, in a throw-away root: everything of this
# Debian, with changes kept in memory.
#
#   sudo unshare --mount apt-machine.sh PACKAGE-ROOT
#
# Prints one line `ok: …` a fact that held; ends with status 1 at the first that did not.
set -euo pipefail

package=$(realpath "$1")

# ---------------------------------------------------------------- the throw-away root
work=/mnt
mount -t tmpfs tmpfs "$work"
mkdir "$work"/{upper,work,root}
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/work" "$work/root"
for folder in proc dev; do mount --rbind "/$folder" "$work/root/$folder"; done
# This host's own machines may come and go there meanwhile.
mkdir -p "$work/root/var/lib/k8slab"
mount -t tmpfs tmpfs "$work/root/var/lib/k8slab"
mkdir -p "$work/root/lab"/{scripts,mirror,bin}
cp -r "$package/provision-scripts/." "$work/root/lab/scripts"

cat >"$work/root/lab/inside.sh" <<'INSIDE'
set -euo pipefail
export HOME=/lab/home GNUPGHOME=/lab/home/gnupg LC_ALL=C.UTF-8
mkdir -p "$GNUPGHOME" && chmod 700 "$GNUPGHOME"
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /var/lib/apt/lists/*

ok() { echo "ok: $*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }
trap 'gpgconf --kill all' EXIT

# ---------------------------------------------------------------- a repository as pkgs.k8s.io has it
repository=/lab/mirror/files/pkgs.k8s.io/core:/stable:/v1.37/deb
mkdir -p "$repository"
gpg --batch --quiet --no-auto-check-trustdb --passphrase '' --quick-generate-key 'Lab Packages <lab@example.org>' rsa2048 sign never
fingerprint=$(gpg --list-keys --with-colons | awk -F : '$1 == "fpr" { print $10 }')

build() { # NAME VERSION
  mkdir -p "/lab/deb/DEBIAN"
  printf '%s\n' "Package: $1" "Version: $2-1.1" 'Architecture: all' 'Maintainer: test' 'Description: test' >/lab/deb/DEBIAN/control
  dpkg-deb --build --root-owner-group /lab/deb "$repository/$1_$2.deb" >/dev/null
}
publish() {
  (cd "$repository" && apt-ftparchive packages . >Packages && apt-ftparchive release . >/lab/Release && mv /lab/Release Release &&
    gpg --batch --yes --clearsign --output InRelease Release)
}
for name in kubelet kubeadm kubectl; do
  build "$name" 1.37.0
  build "$name" 1.37.1
  build "$name" 1.37.9
done
build cri-tools 1.37.0
publish
gpg --armor --export >"$repository/Release.key"

# ---------------------------------------------------------------- what a provisioner would set
readonly MIRROR=file:///lab/mirror
readonly KUBERNETES_VERSION=1.37.1
readonly KUBERNETES_REPOSITORY=https://pkgs.k8s.io/core:/stable:/v1.37/deb/
readonly KUBERNETES_KEY_URL=https://pkgs.k8s.io/core:/stable:/v1.37/deb/Release.key
PATH=/lab/bin:$PATH
# There is no systemd in this root: note what it is asked.
printf '#!/bin/sh\necho "$@" >>/lab/systemctl.log\n[ "$1" != is-enabled ]\n' >/lab/bin/systemctl
chmod +x /lab/bin/systemctl
for file in retry fetch signing-key files packages.apt; do . "/lab/scripts/lib/$file.sh"; done
run() { . "/lab/scripts/kubernetes/$1.apt.sh"; }
# As in a provisioner, where the first failure ends everything. Gives the words in $said and the status in $status.
attempt() {
  set +e
  said=$(set -e; "$@" 2>&1)
  status=$?
  set -e
}
version() { dpkg-query --show --showformat '${Version}' "$1" 2>/dev/null || true; }

# ---------------------------------------------------------------- a wrong key
KUBERNETES_KEY_FINGERPRINT=0000000000000000000000000000000000000000
attempt run repository
[ "$status" != 0 ] || fail 'a key with another fingerprint was taken'
case $said in *"expected $KUBERNETES_KEY_FINGERPRINT"*"received $fingerprint"*) ;; *) fail "said: $said" ;; esac
[ ! -e /etc/apt/sources.list.d/kubernetes.list ] || fail 'the repository was added without its key'
ok 'a key with another fingerprint is refused, with both fingerprints'

# ---------------------------------------------------------------- the steps
KUBERNETES_KEY_FINGERPRINT=$fingerprint
run repository
grep -q 'signed-by=/etc/apt/keyrings/kubernetes.asc' /etc/apt/sources.list.d/kubernetes.list || fail 'signatures are not bound to the key'
ok 'the repository is added with its key'

run packages
for name in kubelet kubeadm kubectl; do
  [ "$(version $name)" = 1.37.1-1.1 ] || fail "$name is $(version $name)"
done
[ "$(version cri-tools)" = 1.37.0-1.1 ] || fail 'cri-tools is missing'
grep -q 'enable --quiet kubelet.service' /lab/systemctl.log || fail 'the kubelet was not enabled'
ok 'exactly the version of the lab is installed, although there is a newer one'

[ ! -e /var/lib/k8slab/package-lists ] || fail 'the lists of all repositories were read'
ok 'the lists of their own repository are all that is read'

attempt eval 'run repository; run packages'
[ "$status" = 0 ] && [ "$said" = '    its packages are installed: nothing has to be fetched from it' ] ||
  fail "the second run said: $said"
ok 'the second run changes nothing'

apt-get --quiet=2 --yes upgrade >/dev/null
[ "$(version kubelet)" = 1.37.1-1.1 ] || fail "apt-get upgrade made the kubelet $(version kubelet)"
ok 'apt-get upgrade leaves the kubelet alone'

# ---------------------------------------------------------------- CRI-O, whose patches are its own
kubernetes=$repository
repository=/lab/mirror/files/download.opensuse.org/repositories/isv:/cri-o:/stable:/v1.37/deb
mkdir -p "$repository"
for version in 1.36.9 1.37.3 1.38.0; do build cri-o "$version"; done
publish
gpg --armor --export >"$repository/Release.key"
readonly KUBERNETES_MINOR=1.37
readonly CRI_O_URL=https://download.opensuse.org/repositories/isv:/cri-o:/stable:/v1.37/deb/
readonly CRI_O_KEY_URL=${CRI_O_URL}Release.key CRI_O_KEY_FINGERPRINT=$fingerprint
. /lab/scripts/runtime/crio/install.apt.sh
[ "$(version cri-o)" = 1.37.3-1.1 ] || fail "cri-o is $(version cri-o)"
attempt . /lab/scripts/runtime/crio/install.apt.sh
[ "$status" = 0 ] && [ "$said" = '    CRI-O is installed: nothing has to be fetched from its repository' ] || fail "said: $said"
apt-get --quiet=2 --yes upgrade >/dev/null
[ "$(version cri-o)" = 1.37.3-1.1 ] || fail "apt-get upgrade made CRI-O $(version cri-o)"
repository=$kubernetes
ok 'CRI-O is the newest of the lab’s minor, and stays there'

# ---------------------------------------------------------------- lists that are a day old
touch --date '2 days ago' /var/lib/k8slab/package-lists
build lab-extra 1.0
publish
install_packages lab-extra >/dev/null
[ "$(version lab-extra)" = 1.0-1.1 ] || fail 'the old lists were used'
ok 'old package lists are read anew'

# ---------------------------------------------------------------- a forged repository
build lab-forged 1.0
(cd "$repository" && apt-ftparchive packages . >Packages)
rm -rf /var/lib/apt/lists/*
retry() { shift && "$@"; }
attempt install_packages lab-forged
[ "$status" != 0 ] || fail 'a package that nobody signed was installed'
[ -z "$(version lab-forged)" ] || fail 'the forged package is there'
ok 'a package that no signature covers is refused'

# ---------------------------------------------------------------- a machine that already runs another version
mkdir -p /etc/kubernetes && touch /etc/kubernetes/kubelet.conf
printf '#!/bin/sh\necho Kubernetes v1.36.5\n' >/lab/bin/kubelet && chmod +x /lab/bin/kubelet
apt-mark unhold kubelet >/dev/null
dpkg --remove kubelet >/dev/null
attempt run packages
[ "$status" != 0 ] || fail 'a member of a cluster was upgraded without a word'
case $said in *'another version than 1.37.1: Kubernetes v1.36.5'*) ;; *) fail "said: $said" ;; esac
ok 'a member of a cluster of another version is left alone'
INSIDE
chroot "$work/root" bash /lab/inside.sh
