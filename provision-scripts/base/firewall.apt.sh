# shellcheck shell=bash
# ufw drops every packet that is passed on, whatever ports are open: those between pods would be lost.
if systemctl is-enabled --quiet ufw.service 2>/dev/null || systemctl is-active --quiet ufw.service; then
  systemctl disable --now --quiet ufw.service
  printf '    turned ufw off\n'
fi
open_firewalld
