# shellcheck shell=bash
# --hosts-dir: containerd's own settings of registries, which name the bundle.
pull_image() {
  ctr --namespace k8s.io images pull --hosts-dir /etc/containerd/certs.d "$1" >/dev/null
}
there=$(ctr --namespace k8s.io images list --quiet)
while read -r image; do
  if ! grep --quiet --line-regexp --fixed-strings "$image" <<<"$there"; then
    retry 3 pull_image "$image"
    printf '    pulled %s\n' "$image"
  fi
done <<<"$IMAGES"
