# shellcheck shell=bash
keyring=/etc/pki/rpm-gpg/RPM-GPG-KEY-kubernetes
signing_key "$KUBERNETES_KEY_URL" "$KUBERNETES_KEY_FINGERPRINT" "$keyring"

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
