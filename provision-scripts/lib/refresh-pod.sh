# shellcheck shell=bash

# refresh_pod NAME FILE…: stops the container of a static pod when one of its files is newer than its start; the kubelet starts
# it anew.
refresh_pod() {
  local name=$1 container started mark file stale=no
  shift
  container=$(crictl ps --quiet --latest --name "^$name\$" 2>/dev/null) || return 0
  [ -n "$container" ] || return 0
  started=$(crictl inspect --output json "$container" | grep '"startedAt"' | cut -d '"' -f 4) || return 0
  mark=$(mktemp)
  touch --date "$started" "$mark"
  for file in "$@"; do
    if [ "$file" -nt "$mark" ]; then stale=yes; fi
  done
  rm -f "$mark"
  [ "$stale" = yes ] || return 0
  crictl stop --timeout 10 "$container" >/dev/null
  printf '    restarted %s\n' "$name"
}
