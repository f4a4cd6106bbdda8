# shellcheck shell=bash
mapfile -t wanted <<<"$IMAGES"
retry 3 pull_images "${wanted[@]}"
