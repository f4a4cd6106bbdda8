# shellcheck shell=bash
# The container runtime: its systemd unit, its program, its socket, and whether a CNI is configured.

socket_state() {
  if [ -S "$RUNTIME_SOCKET" ]; then echo present; else echo missing; fi
}

cni_files() {
  [ -d /etc/cni/net.d ] || return 0
  find /etc/cni/net.d -maxdepth 1 -type f -printf '%f\n'
}

ask_cri() {
  command -v crictl >/dev/null || return 127
  crictl --runtime-endpoint "unix://$RUNTIME_SOCKET" --timeout 8s "$@" 2>&1
}

# systemd or cgroupfs, in the runtime's own words.
cgroup_driver() {
  ask_cri runtime-config | grep -oiE -m 1 'SYSTEMD|CGROUPFS'
}

# present or missing; nothing when the runtime does not say.
image_state() {
  local said
  if ! command -v crictl >/dev/null; then
    said=$(ctr --address "$RUNTIME_SOCKET" --namespace k8s.io images list --quiet "name==$1") || return
    if [ -n "$said" ]; then echo present; else echo missing; fi
  elif said=$(ask_cri inspecti "$1"); then
    echo present
  elif grep -q 'no such image' <<<"$said"; then
    echo missing
  fi
}

# The image that holds every pod's network: its name, and whether it is on this machine. CRI-O and containerd 1.x tell the name
# themselves; containerd 2.x has it in its configuration only.
sandbox_image() {
  local image
  image=$(ask_cri info | sed -nE 's/.*"sandboxImage": *"([^"]+)".*/\1/p' | head -n 1)
  [ -n "$image" ] || image=$("$RUNTIME_PROGRAM" config dump |
    sed -nE "s/^[# ]*(sandbox|sandbox_image|pause_image) = ['\"]([^'\"]+).*/\2/p" | head -n 1)
  [ -n "$image" ] || return 3
  echo "$image $(image_state "$image")"
}

collect_runtime() {
  observe runtime-active 10 300 systemctl is-active "$RUNTIME_UNIT"
  observe runtime-version 10 1000 "$RUNTIME_PROGRAM" --version
  observe runtime-socket 10 100 socket_state
  observe runtime-log 10 20000 log_unless_active "$RUNTIME_UNIT"
  observe cni-files 10 20000 cni_files
  observe runtime-cri 10 2000 ask_cri version &
  observe runtime-cgroups 10 100 cgroup_driver &
  observe runtime-containers 10 100000 ask_cri ps --quiet &
  observe runtime-sandbox 10 1000 sandbox_image &
  wait
}
