# shellcheck shell=bash
if systemctl is-active --quiet NetworkManager.service; then
  place cilium-network-manager.conf 0644 /etc/NetworkManager/conf.d/cilium.conf
  # Reads the configuration; running connections stay.
  systemctl reload NetworkManager.service
else
  echo '    this machine has no NetworkManager'
fi
