# shellcheck shell=bash
# The kubelet: its unit, its version, and the address it was told to register.

# Of all its arguments only --node-ip: from the running process, else from the files that will start it.
node_ip_flag() {
  local pid
  pid=$(systemctl show --property MainPID --value kubelet)
  {
    if [ "${pid:-0}" != 0 ]; then tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null; fi
    cat /var/lib/kubelet/kubeadm-flags.env /etc/default/kubelet /etc/sysconfig/kubelet 2>/dev/null
  } | grep -oE -m 1 -- '--node-ip[= ][0-9a-fA-F.:,]+'
}

collect_kubelet() {
  observe kubelet-active 5 300 systemctl is-active kubelet
  observe kubelet-version 5 1000 kubelet --version
  observe kubelet-node-ip 3 1000 node_ip_flag
  observe kubelet-log 5 20000 log_unless_active kubelet
}
