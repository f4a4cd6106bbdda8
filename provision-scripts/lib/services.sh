# shellcheck shell=bash

# run_service UNIT FILE…: enables and starts a systemd unit; restarts it when one of its files is newer than its start.
run_service() {
  local unit=$1 since mark file stale=no
  shift
  systemctl enable --quiet "$unit"
  if [ "$(systemctl show --property NeedDaemonReload --value "$unit")" = yes ]; then
    systemctl daemon-reload
  fi
  if systemctl is-active --quiet "$unit"; then
    since=$(systemctl show --property ActiveEnterTimestamp --value --timestamp=us+utc "$unit")
    mark=$(mktemp)
    touch --date "$since" "$mark"
    for file in "$@"; do
      if [ "$file" -nt "$mark" ]; then stale=yes; fi
    done
    rm -f "$mark"
    [ "$stale" = yes ] || return 0
  fi
  if ! systemctl restart "$unit"; then
    journalctl --unit "$unit" --lines 30 --no-pager >&2
    return 1
  fi
  printf '    started %s\n' "$unit"
}
