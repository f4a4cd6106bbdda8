# shellcheck shell=bash
keyring=/etc/apt/keyrings/kubernetes.asc
list=/etc/apt/sources.list.d/kubernetes.list
line="deb [signed-by=$keyring] $(mirrored "$KUBERNETES_REPOSITORY") /"
if [ -s "$keyring" ] && has_package "kubelet=$KUBERNETES_VERSION-*" && has_package "kubeadm=$KUBERNETES_VERSION-*" &&
  has_package "kubectl=$KUBERNETES_VERSION-*" && has_package cri-tools; then
  echo '    its packages are installed: nothing has to be fetched from it'
  place_text 0644 "$list" <<<"$line"
else
  signing_key "$KUBERNETES_KEY_URL" "$KUBERNETES_KEY_FINGERPRINT" "$keyring"
  if [ "$(cat "$list" 2>/dev/null)" != "$line" ]; then
    place_text 0644 "$list" <<<"$line"
    update_repository "$list"
  fi
fi
