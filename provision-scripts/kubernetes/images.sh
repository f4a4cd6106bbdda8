# shellcheck shell=bash
# Two at a time: more only wait for each other's unpacking. An image that is there is not asked for again.
pull_images() {
  local image missing=()
  for image in $IMAGES; do
    crictl inspecti --quiet "$image" >/dev/null 2>&1 || missing+=("$image")
  done
  if [ "${#missing[@]}" -gt 0 ]; then
    printf '    pulling %s\n' "${missing[@]}"
    printf '%s\n' "${missing[@]}" | xargs --max-procs 2 --max-args 1 crictl pull >/dev/null
  fi
}
retry 3 pull_images
