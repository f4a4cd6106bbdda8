# shellcheck shell=bash
keyring=/etc/apt/keyrings/cri-o.asc
list=/etc/apt/sources.list.d/cri-o.list
line="deb [signed-by=$keyring] $(mirrored "$CRI_O_URL") /"
if [ -s "$keyring" ] && has_package "cri-o=$KUBERNETES_MINOR.*"; then
  echo '    CRI-O is installed: nothing has to be fetched from its repository'
  place_text 0644 "$list" <<<"$line"
else
  signing_key "$CRI_O_KEY_URL" "$CRI_O_KEY_FINGERPRINT" "$keyring"
  if [ "$(cat "$list" 2>/dev/null)" != "$line" ]; then
    place_text 0644 "$list" <<<"$line"
    update_repository "$list"
  fi
  install_packages "cri-o=$KUBERNETES_MINOR.*"
fi
# It stays at this minor, like Kubernetes.
if [ -z "$(apt-mark showhold cri-o)" ]; then
  apt-mark hold cri-o >/dev/null
fi
