# shellcheck shell=bash
# The programs of Kubernetes besides the kubelet: what starts each of them, and whether it runs.

# Names of all processes; a pod's are seen from here, too. The kernel keeps 15 characters of each.
process_names() {
  ps -e -o comm= | sort -u
}

# PROGRAMS holds one "NAME unit|static-pod FILE" a line. Prints NAME, whether the file is there, the state of the unit (- where there
# is none), and whether a process runs.
program_states() {
  local name runs file processes there active state
  processes=$(process_names)
  while read -r name runs file; do
    there=missing active=- state=stopped
    if [ -e "$file" ]; then there=present; fi
    if [ "$runs" = unit ]; then active=$(systemctl is-active "$name.service"); fi
    if grep -qxF "${name:0:15}" <<<"$processes"; then state=running; fi
    echo "$name $there ${active:-unknown} $state"
  done <<<"$PROGRAMS"
}

# The last words of those that do not run: "NAME LINE".
program_logs() {
  local name runs file processes log
  processes=$(process_names)
  while read -r name runs file; do
    if grep -qxF "${name:0:15}" <<<"$processes"; then continue; fi
    if [ "$runs" = unit ]; then
      # Its own words: systemd says of each start and end, too.
      journalctl --unit "$name.service" --identifier "$name" --lines 8 --no-pager --output cat
    else
      log=$(find /var/log/pods -path "*/kube-system_$name-*/$name/*.log" -printf '%T@ %p\n' 2>/dev/null | sort -n | tail -n 1)
      if [ -n "$log" ]; then tail -n 8 "${log#* }"; fi
    fi | cut -c -400 | hide_secrets | sed "s/^/$name /"
  done <<<"$PROGRAMS"
}

collect_programs() {
  observe programs 12 10000 program_states &
  observe program-logs 12 20000 program_logs &
  wait
}
