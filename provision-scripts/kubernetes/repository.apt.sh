# shellcheck shell=bash
keyring=/etc/apt/keyrings/kubernetes.asc
list=/etc/apt/sources.list.d/kubernetes.list
signing_key "$KUBERNETES_KEY_URL" "$KUBERNETES_KEY_FINGERPRINT" "$keyring"

line="deb [signed-by=$keyring] $(mirrored "$KUBERNETES_REPOSITORY") /"
if [ "$(cat "$list" 2>/dev/null)" != "$line" ]; then
  place_text 0644 "$list" <<<"$line"
  update_packages
fi
