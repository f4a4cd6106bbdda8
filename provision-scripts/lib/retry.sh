# shellcheck shell=bash

# retry TIMES COMMAND…: runs the command until it succeeds, with a longer pause each time.
retry() {
  local times=$1 attempt=1 pause=2
  shift
  until "$@"; do
    if [ "$attempt" -ge "$times" ]; then
      printf 'Gave up after %s attempts: %s\n' "$times" "$*" >&2
      return 1
    fi
    printf 'Attempt %s of %s failed (%s), again in %s s.\n' "$attempt" "$times" "$*" "$pause" >&2
    sleep "$pause"
    attempt=$((attempt + 1))
    pause=$((pause < 30 ? pause * 2 : 30))
  done
}
