# shellcheck shell=bash

# pull_images IMAGE…: fetches the images that are not there yet, two at a time: more only wait for each other's unpacking.
pull_images() {
  local image missing=()
  for image in "$@"; do
    crictl inspecti --quiet "$image" >/dev/null 2>&1 || missing+=("$image")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  printf '    pulling %s\n' "${missing[@]}"
  printf '%s\n' "${missing[@]}" | xargs --max-procs 2 --max-args 1 crictl pull >/dev/null
}
