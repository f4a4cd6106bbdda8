# shellcheck shell=bash
# What every piece of the collector uses. It only looks: nothing on the machine is changed, nothing is
# judged, and no token, key or kubeconfig is printed.

# Seconds from the beginning of the script. Who asks waits for 40, and some for ssh.
readonly DEADLINE=30

# Each observation is kept in files of WORK until all are there: its output, its errors, its exit status.
# observe NAME SECONDS BYTES COMMAND [ARGUMENT…]: COMMAND is a program or a function of this script. Where several are slow, one
# after the other, those that come after DEADLINE get a moment only: what was seen must be told before nobody waits for it.
observe() {
  local name=$1 seconds=$2 bytes=$3 program=$4
  shift 3
  if ((seconds > DEADLINE - SECONDS)); then
    seconds=$((DEADLINE > SECONDS ? DEADLINE - SECONDS : 0)).2
  fi
  # timeout can only end programs, so a function gets a shell of its own.
  if [ "$(type -t "$program")" = function ]; then
    # shellcheck disable=SC2016 # expanded by the inner shell
    set -- bash -c '"$@"' bash "$@"
  fi
  (
    {
      # A program that pours out errors must not fill the machine.
      ulimit -f 4096
      timeout --kill-after=1 "$seconds" "$@" 2>"$WORK/$name.errors"
    } | head -c "$bytes" >"$WORK/$name.output"
    echo "${PIPESTATUS[0]}" >"$WORK/$name.status"
  ) 2>/dev/null
}

# The first process of every network on this machine, a line each. lsns gives up when a process ends while it looks.
network_processes() {
  stat --dereference --format '%i %n' /proc/[0-9]*/ns/net 2>/dev/null |
    sort --field-separator / --key 3n | awk -F '[ /]' '!seen[$1]++ { print $4 }'
}

# Prints all observations between lines that begin with BOUNDARY, which nobody on the machine can guess.
print_observations() {
  local file name
  for file in "$WORK"/*.status; do
    [ -e "$file" ] || continue
    name=$(basename "$file" .status)
    printf '\n%s output %s %s\n' "$BOUNDARY" "$name" "$(cat "$file")"
    cat "$WORK/$name.output"
    printf '\n%s errors %s %s\n' "$BOUNDARY" "$name" "$(cat "$file")"
    head -c 2000 "$WORK/$name.errors"
  done
  printf '\n%s end\n' "$BOUNDARY"
}

# Hides what looks like a bootstrap token, a bearer token or a key in lines of a log.
hide_secrets() {
  sed -E \
    -e 's/(^|[^a-z0-9])[a-z0-9]{6}\.[a-z0-9]{16}([^a-z0-9]|$)/\1<token>\2/g' \
    -e 's/[Bb]earer +[^ "]+/Bearer <token>/g' \
    -e 's/eyJ[A-Za-z0-9_-]{10,}(\.[A-Za-z0-9_-]*)*/<token>/g' \
    -e 's/(password|passwd|auth_pass|token|secret)([=:] *)[^ ",;]+/\1\2<hidden>/Ig' \
    -e 's/-----BEGIN [A-Z ]*PRIVATE KEY-----.*/<key>/g'
}

# Last lines of a unit's log, only when the unit is not active.
log_unless_active() {
  systemctl is-active --quiet "$1" && return 0
  journalctl --unit "$1" --lines 20 --no-pager --output cat | cut -c -500 | hide_secrets
}
