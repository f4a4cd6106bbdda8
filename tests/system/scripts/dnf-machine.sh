#!/usr/bin/env bash
# Runs the dnf forms of our provisioning scripts against a small signed repository, in a throw-away root: everything of this
# system, with changes kept in memory.
#
#   sudo unshare --mount dnf-machine.sh PACKAGE-ROOT
#
# Prints one line `ok: …` a fact that held; ends with status 1 at the first that did not.
set -euo pipefail

package=$(realpath "$1")
scripts=$package/provision-scripts

# ---------------------------------------------------------------- the throw-away root
work=/mnt
mount -t tmpfs tmpfs "$work"
mkdir "$work"/{upper,work,root}
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/work" "$work/root"
for folder in proc dev; do mount --rbind "/$folder" "$work/root/$folder"; done
mkdir -p "$work/root/lab"/{scripts,mirror,bin}
cp -r "$scripts/." "$work/root/lab/scripts"

cat >"$work/root/lab/inside.sh" <<'INSIDE'
set -euo pipefail
export HOME=/lab/home GNUPGHOME=/lab/home/gnupg LC_ALL=C.UTF-8
mkdir -p "$GNUPGHOME" /etc/yum.repos.d && chmod 700 "$GNUPGHOME"
rm -rf /etc/yum.repos.d/* /var/lib/rpm /root/.rpmdb /var/cache/dnf
mkdir -p /etc/dnf/vars && echo 9 >/etc/dnf/vars/releasever

ok() { echo "ok: $*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }
trap 'gpgconf --kill all' EXIT

# ---------------------------------------------------------------- a repository as pkgs.k8s.io has it
repository=/lab/mirror/files/pkgs.k8s.io/core:/stable:/v1.37/rpm
mkdir -p "$repository"
gpg --batch --quiet --no-auto-check-trustdb --passphrase '' --quick-generate-key 'Lab Packages <lab@example.org>' rsa2048 sign never
fingerprint=$(gpg --list-keys --with-colons | awk -F : '$1 == "fpr" { print $10 }')

build() { # NAME VERSION [PROVIDES]
  printf '%s\n' "Name: $1" "Version: $2" 'Release: 150500.1.1' 'Summary: test' 'License: none' 'BuildArch: noarch' \
    "${3:+Provides: $3}" '%description' 'test' '%files' >"/lab/$1.spec"
  rpmbuild --quiet -bb --define "_rpmdir $repository" "/lab/$1.spec" 2>&1 | { grep -v GPG_TTY || true; }
}
for name in kubelet kubeadm kubectl; do
  build "$name" 1.37.0
  build "$name" 1.37.1
  build "$name" 1.37.9
done
build cri-tools 1.37.0
build curl-minimal 7.76.1 'curl = 7.76.1'
rpmsign --define '_gpg_name Lab Packages' --define "_gpg_path $GNUPGHOME" --define '__gpg /usr/bin/gpg' --addsign "$repository"/noarch/*.rpm >/dev/null 2>&1
createrepo_c --quiet "$repository"
gpg --armor --export >"$repository/repodata/repomd.xml.key"

# ---------------------------------------------------------------- what a provisioner would set
readonly MIRROR=file:///lab/mirror
readonly KUBERNETES_VERSION=1.37.1
readonly KUBERNETES_REPOSITORY=https://pkgs.k8s.io/core:/stable:/v1.37/rpm/
readonly KUBERNETES_KEY_URL=https://pkgs.k8s.io/core:/stable:/v1.37/rpm/repodata/repomd.xml.key
PATH=/lab/bin:$PATH
# There is no systemd in this root: note what it is asked.
printf '#!/bin/sh\necho "$@" >>/lab/systemctl.log\n[ "$1" != is-enabled ]\n' >/lab/bin/systemctl
chmod +x /lab/bin/systemctl
for file in retry fetch signing-key files packages.dnf; do . "/lab/scripts/lib/$file.sh"; done
run() { . "/lab/scripts/kubernetes/$1.dnf.sh"; }
# As in a provisioner, where the first failure ends everything. Gives the words in $said and the status in $status.
attempt() {
  set +e
  said=$(set -e; "$@" 2>&1)
  status=$?
  set -e
}
version() { ! rpm --query --quiet "$1" || rpm --query --queryformat '%{VERSION}' "$1"; }

# ---------------------------------------------------------------- a wrong key
KUBERNETES_KEY_FINGERPRINT=0000000000000000000000000000000000000000
attempt run repository
[ "$status" != 0 ] || fail 'a key with another fingerprint was taken'
case $said in *"expected $KUBERNETES_KEY_FINGERPRINT"*"received $fingerprint"*) ;; *) fail "said: $said" ;; esac
[ ! -e /etc/yum.repos.d/kubernetes.repo ] || fail 'the repository was added without its key'
ok 'a key with another fingerprint is refused, with both fingerprints'

# ---------------------------------------------------------------- the steps
KUBERNETES_KEY_FINGERPRINT=$fingerprint
run repository
grep -qx 'gpgcheck=1' /etc/yum.repos.d/kubernetes.repo || fail 'signatures are not checked'
ok 'the repository is added with its key'

install_packages curl
[ -z "$(install_packages curl)" ] || fail 'what is installed was installed again'
ok 'a package that another one provides counts as installed'

run packages
for name in kubelet kubeadm kubectl; do
  [ "$(version $name)" = 1.37.1 ] || fail "$name is $(version $name)"
done
[ "$(version cri-tools)" = 1.37.0 ] || fail 'cri-tools is missing'
grep -q 'enable --quiet kubelet.service' /lab/systemctl.log || fail 'the kubelet was not enabled'
ok 'exactly the version of the lab is installed, although there is a newer one'

attempt eval 'run repository; run packages'
[ "$status" = 0 ] && [ "$said" = '    its packages are installed: nothing has to be fetched from it' ] ||
  fail "the second run said: $said"
ok 'the second run changes nothing'

dnf --quiet --assumeyes upgrade
[ "$(version kubelet)" = 1.37.1 ] || fail "dnf upgrade made the kubelet $(version kubelet)"
ok 'dnf upgrade leaves the kubelet alone'

# ---------------------------------------------------------------- CRI-O, whose patches are its own
kubernetes=$repository
repository=/lab/mirror/files/download.opensuse.org/repositories/isv:/cri-o:/stable:/v1.37/rpm
mkdir -p "$repository"
for version in 1.36.9 1.37.3 1.38.0; do build cri-o "$version"; done
build container-selinux 2.1
rpmsign --define '_gpg_name Lab Packages' --define "_gpg_path $GNUPGHOME" --define '__gpg /usr/bin/gpg' --addsign "$repository"/noarch/*.rpm >/dev/null 2>&1
createrepo_c --quiet "$repository"
gpg --armor --export >"$repository/repodata/repomd.xml.key"
readonly KUBERNETES_MINOR=1.37
readonly CRI_O_URL=https://download.opensuse.org/repositories/isv:/cri-o:/stable:/v1.37/rpm/
readonly CRI_O_KEY_URL=${CRI_O_URL}repodata/repomd.xml.key CRI_O_KEY_FINGERPRINT=$fingerprint
. /lab/scripts/runtime/crio/install.dnf.sh
[ "$(version cri-o)" = 1.37.3 ] || fail "cri-o is $(version cri-o)"
[ "$(version container-selinux)" = 2.1 ] || fail 'the rules of SELinux are missing'
attempt . /lab/scripts/runtime/crio/install.dnf.sh
[ "$status" = 0 ] && [ "$said" = '    CRI-O is installed: nothing has to be fetched from its repository' ] || fail "said: $said"
dnf --quiet --assumeyes upgrade
[ "$(version cri-o)" = 1.37.3 ] || fail "dnf upgrade made CRI-O $(version cri-o)"
repository=$kubernetes
ok 'CRI-O is the newest of the lab’s minor, and stays there'

# ---------------------------------------------------------------- a forged package
rm -f "$repository"/noarch/kubelet-1.37.0*
build kubelet 1.37.0
createrepo_c --quiet "$repository"
update_packages
retry() { shift && "$@"; }
dnf --quiet --assumeyes --disableexcludes=all remove kubelet >/dev/null
[ -z "$(version kubelet)" ] || fail 'kubelet could not be removed'
attempt install_packages 'kubelet=1.37.0-*'
[ "$status" != 0 ] || fail 'an unsigned package was installed'
grep -qi 'not signed' <<<"$said" || fail "said: $said"
[ -z "$(version kubelet)" ] || fail 'the unsigned package is there'
ok 'a package without signature is refused'

# ---------------------------------------------------------------- a machine that already runs another version
mkdir -p /etc/kubernetes && touch /etc/kubernetes/kubelet.conf
printf '#!/bin/sh\necho Kubernetes v1.36.5\n' >/lab/bin/kubelet && chmod +x /lab/bin/kubelet
attempt run packages
[ "$status" != 0 ] || fail 'a member of a cluster was upgraded without a word'
case $said in *'another version than 1.37.1: Kubernetes v1.36.5'*) ;; *) fail "said: $said" ;; esac
ok 'a member of a cluster of another version is left alone'
INSIDE
chroot "$work/root" bash /lab/inside.sh
