# shellcheck shell=bash
for unit in ufw.service firewalld.service; do
  if systemctl is-enabled --quiet "$unit" 2>/dev/null || systemctl is-active --quiet "$unit"; then
    systemctl disable --now --quiet "$unit"
    printf '    turned %s off\n' "$unit"
  fi
done
