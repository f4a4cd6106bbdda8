#!/usr/bin/env bash
# Records what a terminal of 100 columns shows after a command:
#
#   tests/picture/record.sh RECORDING COMMAND [ARGUMENT…]
#   npm run picture -- RECORDING OUT.svg
#
# One word with spaces is a line for the shell: 'npm ci && npx k8slab list'.
# Needs tmux. The recording is text with colours as escape sequences: look at it with `cat`. Ends with the command's status.
set -euo pipefail

if [ "$#" -lt 2 ]; then
  echo 'usage: tests/picture/record.sh RECORDING COMMAND [ARGUMENT…]' >&2
  exit 2
fi
recording=$1
shift

# A server of its own: nobody's configuration, nobody's sessions.
terminal=(tmux -L "k8slab-picture-$$" -f /dev/null)
status_file=$(mktemp)
trap '"${terminal[@]}" kill-server 2>/dev/null || true; rm -f "$status_file"' EXIT

# The shell waits at the end, for the terminal goes when it does.
if [ "$#" -eq 1 ]; then
  words=$1
  shown=$1
else
  words=$(printf '%q ' "$@")
  shown=$words
fi
"${terminal[@]}" new-session -d -x 100 -y 50 -c "$PWD" \
  "printf '\033[1m\$ %s\033[0m\n' ${shown@Q}; $words; echo \$? >$(printf %q "$status_file"); \
  ${terminal[*]} wait-for -S ended; exec sleep infinity" \; \
  set-option history-limit 5000
"${terminal[@]}" wait-for ended

"${terminal[@]}" capture-pane -e -p -S - >"$recording"
exit "$(cat "$status_file")"
