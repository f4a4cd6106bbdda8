# shellcheck shell=bash
# What makes the API servers one endpoint on this machine: the programs, and how haproxy finds its servers.

# NAME unit|static-pod|- running|stopped, for each of BALANCERS, a list of names. A pod's processes are seen from here, too.
balancer_programs() {
  local program how
  for program in $BALANCERS; do
    how=-
    if [ -e "/etc/kubernetes/manifests/$program.yaml" ]; then
      how=static-pod
    elif systemctl cat "$program.service" >/dev/null 2>&1; then
      how=unit
    fi
    if pgrep -x "$program" >/dev/null; then echo "$program $how running"; else echo "$program $how stopped"; fi
  done
}

# Five columns of haproxy's own table, as CSV with their names. In a pod its files lie below the root of its process.
# It answers over a socket that is a file and speaks HTTP, so that curl is enough to ask.
balancer_servers() {
  local pid config socket
  pid=$(pgrep -o -x haproxy) || return 0
  command -v curl >/dev/null || return 127
  config=$(tr '\0' '\n' <"/proc/$pid/cmdline" | grep -A 1 -x -e -f | tail -n 1)
  socket=$(awk '$1 == "bind" && sub(/^unix@/, "", $2) { print $2; exit }' "/proc/$pid/root$config")
  curl --silent --show-error --noproxy '*' --max-time 8 --max-filesize 200000 \
    --unix-socket "/proc/$pid/root$socket" 'http://haproxy/;csv' | awk -F , -v OFS=, '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
    NF > 1 { print $at["svname"], $at["status"], $at["check_status"], $at["last_chk"], $at["addr"] }'
}

collect_balancer() {
  observe balancer-programs 12 1000 balancer_programs
  observe balancer-servers 12 200000 balancer_servers
}
