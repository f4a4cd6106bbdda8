# shellcheck shell=bash
# What kubeadm waits for comes first. The rest arrives while the cluster starts: a later step waits for it, and sees
# what failed.
mapfile -t wanted <<<"$IMAGES"
if [ "$ROLE" = control-plane ]; then
  mapfile -t first < <(kubeadm config images list --kubernetes-version "v$KUBERNETES_VERSION")
  retry 3 pull_images "${first[@]}"
fi
pull_images "${wanted[@]}" >/dev/null 2>&1 &
