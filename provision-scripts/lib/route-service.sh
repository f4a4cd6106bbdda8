# shellcheck shell=bash

# serve_routes: a service of systemd sets the routes of /etc/k8slab/routes at every boot, and again when an adapter was set up anew.
serve_routes() {
  local folder
  place k8slab-routes.service 0644 /etc/systemd/system/k8slab-routes.service
  for folder in /etc/network/if-up.d /etc/NetworkManager/dispatcher.d; do
    if [ -d "$folder" ]; then place routes-again 0755 "$folder/50-k8slab-routes"; fi
  done
  if systemctl is-active --quiet systemd-networkd.service; then
    place k8slab-networkd.conf 0644 /etc/systemd/networkd.conf.d/k8slab.conf
  fi
  run_service k8slab-routes.service /etc/k8slab/routes /etc/systemd/system/k8slab-routes.service
}
