# shellcheck shell=bash
# All pieces at once; the answer is printed when every one has come back or run out of time.
main() {
  WORK=$(mktemp -d -p /run k8slab-collect.XXXXXX 2>/dev/null || mktemp -d) || exit 1
  trap 'rm -rf "$WORK"' EXIT
  local piece
  for piece in $PIECES; do
    "collect_${piece//-/_}" &
  done
  wait
  print_observations
}

# The script itself arrives on standard input; nothing it starts may read from there.
main </dev/null
