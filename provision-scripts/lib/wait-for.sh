# shellcheck shell=bash

# wait_for SECONDS WHAT COMMAND…: runs the command every second until it succeeds; says each half minute that it
# still waits, and fails when the time is up.
wait_for() {
  local seconds=$1 what=$2 begin=$SECONDS word=30
  shift 2
  until "$@" >/dev/null 2>&1; do
    if [ $((SECONDS - begin)) -ge "$seconds" ]; then
      printf 'Waited %s s in vain for %s.\n' "$seconds" "$what" >&2
      return 1
    fi
    if [ $((SECONDS - begin)) -ge "$word" ]; then
      printf 'Waiting for %s: %s of at most %s s.\n' "$what" "$((SECONDS - begin))" "$seconds"
      word=$((word + 30))
    fi
    sleep 1
  done
}
