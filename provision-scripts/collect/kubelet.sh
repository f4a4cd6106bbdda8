# shellcheck shell=bash
# The kubelet: its unit, its version, the address and name it was told to register, and whom it reports to.

# Of all its arguments only --NAME, the last one, which counts: of the running process, else of the files that will
# start it. Nothing when it is not set.
kubelet_flag() {
  local pid
  pid=$(systemctl show --property MainPID --value kubelet)
  if [ "${pid:-0}" != 0 ]; then
    tr '\0' ' ' <"/proc/$pid/cmdline"
  else
    cat /var/lib/kubelet/kubeadm-flags.env /etc/default/kubelet /etc/sysconfig/kubelet 2>/dev/null
  fi | grep -oE -- "--$1[= ][0-9a-zA-Z.:,-]+" | tail -n 1
}

# The API server in its kubeconfig, and the cgroup driver in its configuration; nothing else of either file.
kubelet_settings() {
  sed -nE 's/^ +server: +/server /p' /etc/kubernetes/kubelet.conf /var/lib/kubelet/kubeconfig 2>/dev/null | head -n 1
  sed -nE 's/^cgroupDriver: +/cgroup-driver /p' /var/lib/kubelet/config.yaml /var/lib/kubelet/kubelet-config.yaml 2>/dev/null | head -n 1
}

collect_kubelet() {
  observe kubelet-active 10 300 systemctl is-active kubelet
  observe kubelet-version 10 1000 kubelet --version
  observe kubelet-node-ip 10 1000 kubelet_flag node-ip
  observe kubelet-hostname-override 10 1000 kubelet_flag hostname-override
  observe kubelet-settings 10 1000 kubelet_settings
  observe kubelet-log 10 20000 log_unless_active kubelet
}
