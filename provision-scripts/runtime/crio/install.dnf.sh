# shellcheck shell=bash
keyring=/etc/pki/rpm-gpg/RPM-GPG-KEY-cri-o
if [ -s "$keyring" ] && has_package "cri-o=$KUBERNETES_MINOR.*"; then
  echo '    CRI-O is installed: nothing has to be fetched from its repository'
else
  signing_key "$CRI_O_KEY_URL" "$CRI_O_KEY_FINGERPRINT" "$keyring"
fi

# `exclude` keeps `dnf upgrade` from replacing it.
place_text 0644 /etc/yum.repos.d/cri-o.repo <<END
[cri-o]
name=CRI-O
baseurl=$(mirrored "$CRI_O_URL")
enabled=1
gpgcheck=1
gpgkey=file://$keyring
exclude=cri-o
END
# container-selinux holds the rules of SELinux for what a runtime may do.
install_packages container-selinux "cri-o=$KUBERNETES_MINOR.*"
