# shellcheck shell=bash
keyring=/etc/pki/rpm-gpg/RPM-GPG-KEY-kubernetes
if [ -s "$keyring" ] && has_package "kubelet=$KUBERNETES_VERSION-*" && has_package "kubeadm=$KUBERNETES_VERSION-*" &&
  has_package "kubectl=$KUBERNETES_VERSION-*" && has_package cri-tools; then
  echo '    its packages are installed: nothing has to be fetched from it'
else
  signing_key "$KUBERNETES_KEY_URL" "$KUBERNETES_KEY_FINGERPRINT" "$keyring"
fi

# `exclude` keeps `dnf upgrade` from replacing them; the step that installs them lifts it.
place_text 0644 /etc/yum.repos.d/kubernetes.repo <<END
[kubernetes]
name=Kubernetes
baseurl=$(mirrored "$KUBERNETES_REPOSITORY")
enabled=1
gpgcheck=1
gpgkey=file://$keyring
exclude=kubelet kubeadm kubectl cri-tools kubernetes-cni
END
