# shellcheck shell=bash
# The container runtime: its systemd unit, its program, its socket, and whether a CNI is configured.

socket_state() {
  if [ -S "$RUNTIME_SOCKET" ]; then echo present; else echo missing; fi
}

cni_files() {
  [ -d /etc/cni/net.d ] || return 0
  find /etc/cni/net.d -maxdepth 1 -type f -printf '%f\n'
}

collect_runtime() {
  observe runtime-active 5 300 systemctl is-active "$RUNTIME_UNIT"
  observe runtime-version 5 1000 "$RUNTIME_PROGRAM" --version
  observe runtime-socket 2 100 socket_state
  observe runtime-log 5 20000 log_unless_active "$RUNTIME_UNIT"
  observe cni-files 2 20000 cni_files
}
