# shellcheck shell=bash

# place FILE MODE TARGET: installs a configuration file that came with this script, if it differs from what is there.
place() {
  place_text "$2" "$3" <"/tmp/k8slab/files/$1"
}

# place_text MODE TARGET: the same with text from standard input. The old or the new file is there at any moment.
place_text() {
  local mode=$1 target=$2 new
  mkdir -p "$(dirname "$target")"
  new=$(mktemp "$(dirname "$target")/.k8slab.XXXXXX")
  cat >"$new"
  if cmp --silent "$new" "$target"; then
    rm -f "$new"
    chmod "$mode" "$target"
  else
    chmod "$mode" "$new"
    mv -f "$new" "$target"
    printf '    wrote %s\n' "$target"
  fi
}
